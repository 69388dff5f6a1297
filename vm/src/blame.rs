//! Who holds what others wait for: asked once, when nobody can go on.

use crate::isolate::Isolate;
use crate::object::Payload;
use crate::sync::lock::Lock;
use crate::sync::rlock::RLock;
use crate::sync::sem_lock::SemLock;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{BlockedThread, Holder, Site, Tid};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a thread waits for, kept while it does.
#[derive(Clone, Default)]
pub enum WaitsFor {
    /// It does not wait, or for something that nobody holds.
    #[default]
    Nothing,
    /// A synchronisation object.
    Object(Value),
    /// The end of a thread.
    Thread(Tid),
}

/// Where a lock was acquired last. Noting it costs a comparison and a store, since it is mostly the same file.
#[derive(Clone, Default)]
pub struct Place(RefCell<Option<Site>>);

impl Place {
    /// The place.
    pub fn get(&self) -> Option<Site> {
        self.0.borrow().clone()
    }
}

impl Vm {
    /// Notes that a lock is acquired by the instruction that runs.
    #[inline]
    pub(crate) fn note_place(&self, place: &Place) {
        let Some(frame) = self.stack.frames.last() else { return };
        let (line, file) = (frame.line(), &frame.code().proto.filename);
        let mut place = place.0.borrow_mut();
        match &mut *place {
            Some(site) if std::sync::Arc::ptr_eq(&site.file, file) => site.line = line,
            other => *other = Some(Site { file: file.clone(), line }),
        }
    }
    /// What the calling thread waits for from now on.
    pub(crate) fn waits_for(&mut self, what: WaitsFor) {
        let me = self.tid();
        if let Some(t) = self.iso_mut().threads.get_mut(me) {
            let old = std::mem::replace(&mut t.waits_for, what);
            drop(old);
        }
    }
    /// Fills in who holds what each of these threads waits for.
    pub(crate) fn blame(&self, blocked: &mut [BlockedThread]) {
        let names: BTreeMap<_, _> = blocked.iter().map(|t| (t.tid, t.name.clone())).collect();
        for thread in blocked {
            thread.held_by = self.iso().holder_for(self, thread.tid).map(|(tid, at)| {
                let name = names.get(&tid).cloned();
                Holder { tid, name, at }
            });
        }
    }
}

impl Isolate {
    fn holder_for(&self, vm: &Vm, waiter: Tid) -> Option<(Tid, Option<Site>)> {
        match &self.threads.get(waiter)?.waits_for {
            WaitsFor::Nothing => None,
            WaitsFor::Thread(tid) => Some((*tid, None)),
            WaitsFor::Object(o) => {
                if let Some(shared) = o.borrow::<SemLock>(vm) {
                    return shared.holder().map(|h| (h.tid, h.at));
                }
                let lock = held::<Lock>(vm, o, |l| (l.owner, l.place.get()));
                let (owner, place) = lock.or_else(|| held::<RLock>(vm, o, |l| (l.owner(), l.place.get())))?;
                Some((owner?, place))
            }
        }
    }
}

fn held<P: Payload>(vm: &Vm, object: &Value, read: fn(&P) -> (Option<Tid>, Option<Site>)) -> Option<(Option<Tid>, Option<Site>)> {
    object.borrow::<P>(vm).map(read)
}
