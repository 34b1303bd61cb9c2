//! Which steps a history has, and how often.

use crate::world::World;

/// The kinds of steps.
#[derive(Clone, Copy)]
pub enum Step {
    Network,
    Webhook,
    Inbound,
    DeliveryReceipt,
    Write,
    Burst,
    Receive,
    Delete,
    LeaveOrEnd,
    Answer,
    ChangePerson,
    OtherUser,
    FinishTakeOver,
    Erase,
    Retry,
    Wake,
    Reconfigure,
    Crash,
    Break,
    Stall,
    LoseAlarm,
    Bar,
    RefusePosts,
    ChangeMood,
    Wait,
}

const STEPS: [(Step, usize); 25] = [
    (Step::Network, 360),
    (Step::Webhook, 140),
    (Step::Inbound, 80),
    (Step::DeliveryReceipt, 40),
    (Step::Write, 90),
    (Step::Burst, 10),
    (Step::Receive, 40),
    (Step::Delete, 6),
    (Step::LeaveOrEnd, 5),
    (Step::Answer, 60),
    (Step::ChangePerson, 10),
    (Step::OtherUser, 10),
    (Step::FinishTakeOver, 10),
    (Step::Erase, 0),
    (Step::Retry, 6),
    (Step::Wake, 4),
    (Step::Reconfigure, 4),
    (Step::Crash, 12),
    (Step::Break, 8),
    (Step::Stall, 80),
    (Step::LoseAlarm, 6),
    (Step::Bar, 4),
    (Step::RefusePosts, 4),
    (Step::ChangeMood, 16),
    (Step::Wait, 130),
];

/// How often each kind of step happens in one history. Each history draws its own: some kinds are more
/// frequent, others never happen.
pub struct Habits(Vec<(Step, usize)>);

impl Habits {
    pub fn new(world: &World) -> Self {
        let (setup, random) = (&world.shared.setup, &world.shared.random);
        let habit = |(step, often): (Step, usize)| {
            let often = match step {
                Step::Stall if !setup.stalls => 0,
                Step::Crash
                | Step::Break
                | Step::LoseAlarm
                | Step::Bar
                | Step::RefusePosts
                | Step::ChangeMood
                | Step::Reconfigure
                    if !setup.faults =>
                {
                    0
                }
                // Rare, and in few histories: after it, little is left to check.
                Step::Erase => usize::from(random.percent(15)),
                Step::Network | Step::Webhook | Step::Write | Step::Wait => {
                    often * random.of(&[1, 1, 2])
                }
                _ => often * random.of(&[0, 1, 1, 1, 4]),
            };
            (step, often)
        };
        Self(STEPS.map(habit).to_vec())
    }

    pub fn step(&self, world: &World) -> Step {
        let all = self.0.iter().map(|(_, often)| often).sum();
        let mut left = world.shared.random.below(all);
        for (step, often) in &self.0 {
            match left.checked_sub(*often) {
                Some(less) => left = less,
                None => return *step,
            }
        }
        Step::Wait
    }
}
