//! Where the story takes place: the Worker, the homeserver, and two people with two rooms.

use reqwest::Method;

use crate::narrator::Narrator;
use crate::support::{World, free_port};
use crate::synapse::{Homeserver, NewRoom, Person, Service, settings};

/// How long a message may stay unread.
const DELAY: &str = "3 seconds";
const INTRODUCTION: &str = "This thread is the room <%= conversation.metadata.conversationName %>. \
                            Answer here to write back.";
/// As Bob's phone is stored at the homeserver.
const PHONE: &str = "+1 (555) 010-2002";

/// A room at the homeserver.
pub(crate) struct Room {
    pub(crate) id: String,
    pub(crate) name: &'static str,
}

/// Everything that runs. Dropping it stops all of it.
pub(crate) struct Stage {
    pub(crate) world: World,
    /// Runs until it is dropped.
    _homeserver: Homeserver,
    pub(crate) alice: Person,
    pub(crate) bob: Person,
    pub(crate) lunch: Room,
    pub(crate) project: Room,
}

impl Stage {
    /// Bob's phone, as Nexmo writes it.
    pub(crate) fn phone() -> String {
        PHONE.chars().filter(char::is_ascii_digit).collect()
    }

    /// Does what an operator does: deploys the Worker, registers it at the homeserver and sets it up.
    pub(crate) async fn set(narrator: &Narrator) -> Result<Self, String> {
        let (worker_port, homeserver_port) = (free_port(), free_port());
        let mut service = Service::new("texts", &url(worker_port));
        let world = worker(worker_port, &service, &url(homeserver_port)).await;
        service.registration = Some(registration(&world, &service).await?);
        narrator.tell(
            "The Worker runs in workerd with CHAT=matrix and prints its registration for Synapse.",
        );
        let homeserver =
            Homeserver::start_at(homeserver_port, std::slice::from_ref(&service)).await;
        narrator.tell(&format!(
            "Synapse has read the registration and runs at {}, on this machine only.",
            homeserver.url()
        ));
        set_up(&world).await?;
        narrator.tell(
            "The Worker is set up: it and Synapse reach each other, Nexmo's numbers point to it.",
        );
        let stage = Self::fill(world, homeserver).await;
        narrator.tell(
            "Alice and Bob have accounts, and the rooms Lunch and Project. Bob's phone is known.",
        );
        Ok(stage)
    }

    async fn fill(world: World, homeserver: Homeserver) -> Self {
        let alice = homeserver.register("alice", "Alice").await;
        let bob = homeserver.register("bob", "Bob").await;
        homeserver.set_phones(&bob, &[PHONE]).await;
        Self {
            lunch: room("Lunch", &alice, &bob).await,
            project: room("Project", &alice, &bob).await,
            world,
            _homeserver: homeserver,
            alice,
            bob,
        }
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

async fn worker(port: u16, service: &Service, homeserver: &str) -> World {
    let mut settings = settings(service, homeserver);
    settings.push(("DELAY", DELAY.to_owned()));
    settings.push(("INTRODUCE_CONVERSATION", INTRODUCTION.to_owned()));
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    World::without_setup(&settings, |_, _, options| options.port = port).await
}

/// The content of the file that makes the Worker known to the homeserver: what the Worker prints, with the tokens.
async fn registration(world: &World, service: &Service) -> Result<String, String> {
    let answer = world
        .admin(Method::GET, "/admin/matrix/registration.yaml")
        .await;
    let status = answer.status();
    let printed = answer.text().await.unwrap_or_default();
    if status != 200 {
        return Err(format!(
            "the Worker printed no registration: {status} {printed}"
        ));
    }
    Ok(printed
        .replace("<MATRIX_AS_TOKEN>", &service.as_token)
        .replace("<MATRIX_HS_TOKEN>", &service.hs_token))
}

async fn set_up(world: &World) -> Result<(), String> {
    let answer = world.setup().await;
    let status = answer.status();
    let report = answer.text().await.unwrap_or_default();
    if status != 200 {
        return Err(format!("setup failed: {status} {report}"));
    }
    Ok(())
}

async fn room(name: &'static str, alice: &Person, bob: &Person) -> Room {
    let order = NewRoom {
        name: Some(name),
        invite: &[bob],
        ..NewRoom::default()
    };
    let id = alice.create_room(&order).await;
    bob.join(&id).await;
    Room { id, name }
}
