//! Responses of Nexmo, Layer and the operator's identities. The input is the HTTP status, up to the first line break,
//! and then the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use texting::{
    chat::resource::Resource,
    http::HttpResponse,
    identity::read_identity,
    ids::UserId,
    json,
    layer::{
        api::{read_recheck, read_resource},
        identity::identity,
        post::read_post_response,
        registration::read_list,
    },
    nexmo::{numbers::read_page, send::read_send_response},
    words::{Attachments, Words, sender::sender_name},
};

fuzz_target!(|input: &str| {
    let (status, body) = input.split_once('\n').unwrap_or(("200", input));
    let response = HttpResponse::Received {
        status: status.parse().unwrap_or(200),
        body: body.to_owned(),
    };
    let marked = HttpResponse::Received {
        status: status.parse().unwrap_or(200),
        body: format!("{}{body}", json::BOM),
    };
    let sent = read_send_response(&response);
    if !body.starts_with(json::BOM) && json::value(body).is_some() {
        assert_eq!(read_send_response(&marked), sent);
        assert_eq!(read_resource(&marked), read_resource(&response));
    }
    let ben = UserId::new("ben");
    let _ = (read_recheck(&response, &ben), read_identity(&response));
    let _ = (
        read_post_response(&response),
        read_list(&response),
        read_page(&response),
    );
    if let Resource::Found(found) = read_resource(&response) {
        let _ = (
            identity(&found),
            Words::of(&found, Attachments::Describe),
            sender_name(&found),
        );
    }
});
