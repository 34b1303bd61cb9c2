//! A history: random steps, then everything healthy until all is quiet.

use std::rc::Rc;

use texting::time::{DAY, MINUTE, SECOND};

use crate::{
    parties::{MOODS, Mood},
    spec::notices::Ending,
    trace::Trace,
    world::World,
};

/// Runs one history; panics at the first promise that is broken.
pub fn run(seed: u64, steps: u32, trace: &Rc<Trace>) {
    let mut world = World::new(seed, trace.clone());
    for _ in 0..steps {
        trace.step();
        world.step();
    }
    trace.step();
    world.quiet();
}

impl World {
    fn step(&mut self) {
        let shared = self.shared.clone();
        let random = &shared.random;
        match random.below(1_000) {
            0..360 => self.network_step(),
            360..500 => self.some_webhook(),
            500..580 => self.some_inbound(),
            580..680 => self.write(),
            680..720 => self.receive(),
            720..728 => self.delete(),
            728..734 => self.leave_or_end(),
            734..800 => self.answer(),
            800..810 => self.change_person(),
            810..820 => self.other_user(),
            820..828 => self.finish_take_over(),
            828..832 if random.percent(20) => self.erase(),
            832..836 => self.reconfigure(),
            836..874 if shared.setup.faults => self.misfortune(),
            _ => self.wait(),
        }
    }

    /// One request arrives, or is answered, out of turn.
    fn network_step(&mut self) {
        let random = &self.shared.random;
        let Some(id) = self.shared.network.borrow().pick(random.below(1 << 20)) else { return };
        self.shared.arrive(id);
        if random.percent(80) {
            self.deliver(id, false);
        }
    }

    fn some_webhook(&mut self) {
        if !self.webhooks.is_empty() {
            self.deliver_webhook(self.shared.random.below(self.webhooks.len()));
        }
    }

    fn some_inbound(&mut self) {
        if !self.inbound.is_empty() {
            self.deliver_inbound(self.shared.random.below(self.inbound.len()));
        }
    }

    fn erase(&mut self) {
        self.note(|| "the record is erased".to_owned());
        self.object.erase();
    }

    fn misfortune(&mut self) {
        let shared = self.shared.clone();
        let random = &shared.random;
        match random.below(12) {
            0..3 => self.object.crash(),
            3..5 => {
                let after = u32::try_from(random.below(14)).unwrap();
                self.note(move || format!("a turn breaks off after {after} statements"));
                shared.storage.break_after(after);
            }
            5 if shared.setup.stalls => {
                let by = random.between(SECOND, 3 * MINUTE);
                shared.trace.count("stalls");
                self.note(move || format!("all stands still for {by} ms"));
                shared.clock.set(shared.now() + by);
            }
            6 => {
                let mut nexmo = shared.nexmo.borrow_mut();
                nexmo.barring = random.percent(40);
            }
            7 => {
                let mut layer = shared.layer.borrow_mut();
                layer.refusing_posts = random.percent(30);
            }
            _ => self.change_mood(),
        }
    }

    fn change_mood(&mut self) {
        let random = &self.shared.random;
        let mood = random.of(&MOODS);
        let party = match random.below(3) {
            0 => {
                self.shared.nexmo.borrow_mut().mood = mood;
                "Nexmo"
            }
            1 => {
                self.shared.layer.borrow_mut().mood = mood;
                "Layer"
            }
            _ => {
                self.shared.kv.borrow_mut().mood = mood;
                "KV"
            }
        };
        self.shared.trace.count("moods changed");
        self.note(move || format!("{party} is {mood:?}"));
    }

    /// Everything is well from now on: what waits gets done.
    fn quiet(&mut self) {
        self.note(|| "all is well".to_owned());
        self.heal();
        while !self.webhooks.is_empty() {
            self.deliver_webhook(0);
        }
        let end = self.shared.now() + 3 * DAY;
        while !self.inbound.is_empty() {
            self.deliver_inbound(0);
            self.advance(self.shared.now() + 5 * SECOND);
        }
        let mut turns = 0;
        while let Some(at) = self.next().filter(|at| *at < end) {
            self.shared.trace.step();
            self.shared.clock.set(at.max(self.shared.now()));
            self.happen();
            turns += 1;
            assert!(turns < 20_000, "it never gets quiet");
        }
        self.all_is_done();
    }

    fn heal(&mut self) {
        self.shared.storage.mend();
        self.shared.network.borrow_mut().calm();
        self.finish_take_over();
        self.shared.kv.borrow_mut().mood = Mood::Fine;
        let mut nexmo = self.shared.nexmo.borrow_mut();
        (nexmo.mood, nexmo.barring) = (Mood::Fine, false);
        let mut layer = self.shared.layer.borrow_mut();
        (layer.mood, layer.refusing_posts) = (Mood::Fine, false);
    }

    fn all_is_done(&self) {
        assert!(!self.object.is_busy(), "attempts are left");
        let spec = self.shared.spec.borrow();
        let waiting: Vec<_> = spec.notices.waiting.keys().collect();
        assert!(waiting.is_empty(), "{waiting:?} still wait");
        assert!(spec.replies.waiting_ids().is_empty() && !spec.replies.parts_wait());
        assert_eq!(self.shared.alarm.get(), None, "an alarm is left");
        for (number, notice) in &spec.notices.ended {
            if notice.ending == Some(Ending::Sent) {
                assert!(spec.texts.was_taken(*number), "message {number} was never taken");
            }
        }
        self.shared.trace.count_by("take-overs", spec.numbers.take_overs);
    }
}
