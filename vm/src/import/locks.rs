//! A lock for each module that is being imported, so that two threads that import it see it whole; a thread that would wait in
//! a circle sees it half made instead, as in `importlib._bootstrap._ModuleLock`.

use crate::error::PyResult;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Tid, WaitKind};

struct Held {
    name: Value,
    owner: Tid,
    /// How many times the owner has entered.
    count: u32,
    waiting: Vec<Tid>,
}

/// The locks that are held now.
#[derive(Default)]
pub struct ImportLocks {
    held: Vec<Held>,
    /// Who waits for which module.
    waits: Vec<(Tid, Value)>,
}

impl ImportLocks {
    /// A fork's: what other threads were importing nobody imports in the child.
    pub(crate) fn clone_in(&self, c: &mut crate::object::Cloner) -> ImportLocks {
        let mut held = Vec::new();
        for h in self.held.iter().filter(|h| c.lives_on(h.owner)) {
            held.push((h.name.clone(), h.owner, h.count));
        }
        let held = held.into_iter().map(|(name, owner, count)| Held { name: c.value(&name), owner: c.thread(owner), count, waiting: Vec::new() }).collect();
        ImportLocks { held, waits: Vec::new() }
    }
    /// Nobody imports anything now.
    pub fn idle(&self) -> bool {
        self.held.is_empty()
    }
    fn get(&self, name: &Value) -> Option<&Held> {
        self.held.iter().find(|h| h.name.is(name))
    }
    /// Whether `me` waiting for this module would close a circle.
    fn circle(&self, me: Tid, name: &Value) -> bool {
        let mut name = name.clone();
        for _ in 0..=self.waits.len() {
            let Some(held) = self.get(&name) else { return false };
            if held.owner == me {
                return true;
            }
            match self.waits.iter().find(|(t, _)| *t == held.owner) {
                Some((_, next)) => name = next.clone(),
                None => return false,
            }
        }
        false
    }
}

impl Vm {
    /// Waits while another thread imports the module, unless that thread waits for us.
    pub(super) fn wait_for_import(&mut self, name: &Value) -> PyResult<()> {
        let me = self.tid();
        loop {
            let locks = &self.iso().import_locks;
            match locks.get(name) {
                Some(held) if held.owner != me && !locks.circle(me, name) => {}
                _ => return Ok(()),
            }
            let locks = &mut self.iso_mut().import_locks;
            if let Some(held) = locks.held.iter_mut().find(|h| h.name.is(name))
                && !held.waiting.contains(&me)
            {
                held.waiting.push(me);
            }
            locks.waits.push((me, name.clone()));
            let text = self.text(name);
            let why = Blocked { note: format!("the import of {text}").into(), ..Blocked::new(WaitKind::Lock, 0) };
            let woken = self.park(None, why);
            self.iso_mut().import_locks.waits.retain(|(t, _)| *t != me);
            woken?;
        }
    }
    /// Begins the import of a module.
    pub(super) fn lock_import(&mut self, name: &Value) -> PyResult<()> {
        self.wait_for_import(name)?;
        let me = self.tid();
        let locks = &mut self.iso_mut().import_locks;
        match locks.held.iter_mut().find(|h| h.name.is(name) && h.owner == me) {
            Some(h) => h.count += 1,
            None => locks.held.push(Held { name: name.clone(), owner: me, count: 1, waiting: Vec::new() }),
        }
        Ok(())
    }
    /// Ends it and wakes who waits.
    pub(super) fn unlock_import(&mut self, name: &Value) {
        let me = self.tid();
        let locks = &mut self.iso_mut().import_locks;
        let Some(i) = locks.held.iter().rposition(|h| h.name.is(name) && h.owner == me) else { return };
        locks.held[i].count -= 1;
        if locks.held[i].count > 0 {
            return;
        }
        let held = locks.held.remove(i);
        let world = self.iso().world.clone();
        for tid in held.waiting {
            world.unpark(tid);
        }
    }
}
