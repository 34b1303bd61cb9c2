//! A history: random steps, and then, with all faults switched off, time until nothing waits any more.

use std::{collections::BTreeSet, rc::Rc};

use texting::time::{DAY, MINUTE, SECOND, Span};

use crate::{
    habits::{Habits, Step},
    names::{self, NUMBERS},
    parties::{Mood, OF_NEXMO, OF_OTHERS},
    spec::notices::Ending,
    trace::Trace,
    world::World,
};

/// Runs one history. Panics at the first broken promise.
pub fn run(seed: u64, steps: u32, trace: &Rc<Trace>) {
    let mut world = World::new(seed, trace.clone());
    let habits = Habits::new(&world);
    for _ in 0..steps {
        trace.step();
        world.step(habits.step(&world));
    }
    trace.step();
    world.quiet();
}

impl World {
    fn step(&mut self, step: Step) {
        match step {
            Step::Network => self.network_step(),
            Step::Webhook => self.some_webhook(),
            Step::Inbound => self.some_inbound(),
            Step::DeliveryReceipt => self.some_receipt(),
            Step::Write => self.write(),
            Step::Burst => self.burst(),
            Step::Receive => self.receive(),
            Step::Delete => self.delete(),
            Step::LeaveOrEnd => self.leave_or_end(),
            Step::Answer => self.answer(),
            Step::ChangePerson => self.change_person(),
            Step::OtherUser => self.other_user(),
            Step::FinishTakeOver => self.finish_take_over(),
            Step::Erase => self.erase(),
            Step::Retry => self.retry(),
            Step::Wake => self.object.wake(),
            Step::Reconfigure => self.reconfigure(),
            Step::Crash => self.crash(),
            Step::Break => self.break_off(),
            Step::Stall => self.stall(),
            Step::LoseAlarm => self.shared.lose_alarm(),
            Step::Bar => self.bar(),
            Step::RefusePosts => self.refuse_posts(),
            Step::ChangeMood => self.change_mood(),
            Step::Wait => self.wait(),
        }
    }

    /// A random request arrives at its party at once, and mostly its response arrives too.
    fn network_step(&mut self) {
        let random = &self.shared.random;
        let Some(id) = self.shared.network.borrow().pick(random.below(1 << 20)) else {
            return;
        };
        self.shared.arrive(id);
        if random.percent(80) {
            self.deliver(id, false);
        }
    }

    fn some_webhook(&mut self) {
        let random = &self.shared.random;
        let Some(last) = self.webhooks.len().checked_sub(1) else {
            return;
        };
        let newest = self.shared.setup.disorder && random.percent(70);
        let index = if newest { last } else { random.below(last + 1) };
        self.deliver_webhook(index);
    }

    fn some_inbound(&mut self) {
        if !self.inbound.is_empty() {
            self.deliver_inbound(self.shared.random.below(self.inbound.len()));
        }
    }

    fn some_receipt(&mut self) {
        let left = self.shared.nexmo.borrow().receipts.len();
        if left > 0 {
            self.deliver_receipt(self.shared.random.below(left));
        }
    }

    /// The operator erases the user. Repeats of texts from before are removed: an erased record does not know
    /// them.
    fn erase(&mut self) {
        self.note(|| "the record is erased".to_owned());
        self.object.erase();
        let stored = &self.stored;
        self.inbound
            .retain(|(text, _)| !stored.contains(&text.message_id));
    }

    /// The object crashes, often just after a request has taken effect and before the record stores that.
    fn crash(&mut self) {
        let random = &self.shared.random;
        let network = self.shared.network.borrow();
        let op = network
            .text()
            .or_else(|| network.pick(random.below(1 << 20)));
        drop(network);
        if let Some(id) = op.filter(|_| random.percent(60)) {
            self.shared.arrive(id);
        }
        self.object.crash();
    }

    fn break_off(&mut self) {
        let after = u32::try_from(self.shared.random.below(14)).unwrap();
        self.note(move || format!("a turn breaks off after {after} statements"));
        self.shared.storage.break_after(after);
    }

    /// The object stands still, often for longer than a lease. Responses and timeouts come late, or are there
    /// when it goes on.
    fn stall(&mut self) {
        let is_sent = self.shared.network.borrow().sends();
        if !is_sent && self.shared.random.percent(90) {
            return;
        }
        let by = self.shared.random.span(SECOND.times(20), MINUTE.times(2));
        self.shared.trace.count("faults: stalls");
        self.note(move || format!("all stands still for {by:?}"));
        let now = self.shared.now() + by;
        self.shared.clock.set(now);
        self.shared.alarm.stands_still(by);
        if self.shared.random.percent(50) {
            let late = self.shared.random.span(Span::ZERO, SECOND.times(20));
            self.shared.network.borrow_mut().put_off(now + late);
            self.shared.alarm.stands_still(late);
        }
    }

    fn bar(&mut self) {
        let random = &self.shared.random;
        let barring = random.percent(30);
        let mut numbers = NUMBERS.map(names::number).to_vec();
        numbers.retain(|_| random.percent(25));
        let shown = numbers.clone();
        self.note(move || format!("Nexmo refuses: {barring}, and from {shown:?}"));
        let mut nexmo = self.shared.nexmo.borrow_mut();
        (nexmo.barring, nexmo.refused_numbers) = (barring, numbers);
    }

    fn refuse_posts(&mut self) {
        let refusing = self.shared.random.percent(30);
        self.note(move || format!("Layer refuses posts: {refusing}"));
        self.shared.layer.borrow_mut().refusing_posts = refusing;
    }

    fn change_mood(&mut self) {
        let shared = self.shared.clone();
        let random = &shared.random;
        let (party, mood) = match random.below(4) {
            0 => ("Layer", random.of(&OF_OTHERS)),
            1 => ("KV", random.of(&OF_OTHERS)),
            _ => ("Nexmo", random.of(&OF_NEXMO)),
        };
        match party {
            "Layer" => shared.layer.borrow_mut().mood = mood,
            "KV" => shared.kv.borrow_mut().mood = mood,
            _ => shared.nexmo.borrow_mut().mood = mood,
        }
        shared.trace.count("faults: moods changed");
        self.note(move || format!("{party} is {mood:?}"));
    }

    /// Switches off all faults and waits until all work is done.
    fn quiet(&mut self) {
        self.note(|| "all is well".to_owned());
        self.heal();
        while !self.webhooks.is_empty() {
            self.deliver_webhook(0);
        }
        while !self.shared.nexmo.borrow().receipts.is_empty() {
            self.deliver_receipt(0);
        }
        let end = self.shared.now() + DAY.times(3) + self.longest_cap();
        while !self.inbound.is_empty() {
            self.deliver_inbound(0);
            self.advance(self.shared.now() + SECOND.times(5));
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

    /// How long the cap holds back what waits: at worst each conversation waits for a day of its own.
    fn longest_cap(&self) -> Span {
        let spec = self.shared.spec.borrow();
        let waiting = spec.notices.waiting.values();
        let conversations: BTreeSet<u32> = waiting.map(|notice| notice.conversation).collect();
        match self.shared.setup.settings.max_texts_per_day {
            Some(_) => DAY * i64::try_from(conversations.len()).unwrap(),
            None => Span::ZERO,
        }
    }

    fn heal(&mut self) {
        self.shared.storage.mend();
        self.shared.alarm.mend();
        self.shared.network.borrow_mut().calm();
        self.finish_take_over();
        self.shared.kv.borrow_mut().mood = Mood::Fine;
        let mut nexmo = self.shared.nexmo.borrow_mut();
        (nexmo.mood, nexmo.barring) = (Mood::Fine, false);
        nexmo.refused_numbers.clear();
        let mut layer = self.shared.layer.borrow_mut();
        (layer.mood, layer.refusing_posts) = (Mood::Fine, false);
        drop((nexmo, layer));
        // Nothing else would wake the object after its alarm was lost.
        if self.shared.alarm.rings_at().is_none() {
            self.object.wake();
        }
    }

    fn all_is_done(&self) {
        assert!(!self.object.is_busy(), "attempts are left");
        let spec = self.shared.spec.borrow();
        let waiting: Vec<_> = spec.notices.waiting.keys().collect();
        assert!(waiting.is_empty(), "{waiting:?} still wait");
        assert!(spec.replies.waiting_ids().is_empty() && !spec.replies.parts_wait());
        assert_eq!(self.shared.alarm.rings_at(), None, "an alarm is left");
        assert!(!self.shared.alarm.is_ringing(), "an alarm is held");
        for (number, notice) in &spec.notices.ended {
            if notice.ending == Some(Ending::Sent) {
                assert!(
                    spec.texts.was_taken(*number),
                    "message {number} was never taken"
                );
            }
        }
        self.shared.check_wishes();
        if !self.shared.setup.faults && !self.shared.setup.stalls {
            self.check_calm();
        }
        self.shared
            .trace
            .count_by("take-overs", spec.numbers.take_overs);
        for (what, times) in &spec.counts {
            self.shared.trace.count_by(what, *times);
        }
    }

    /// Checks that nothing failed after all faults were switched off.
    fn check_calm(&self) {
        let counts = self.shared.trace.counts();
        for what in [
            "doubles",
            "notice.failed",
            "notice.postponed",
            "notice.interrupted",
        ] {
            assert_eq!(
                counts.get(what),
                None,
                "{what}, though all was well all the time"
            );
        }
        self.shared.trace.count("histories without faults");
    }
}
