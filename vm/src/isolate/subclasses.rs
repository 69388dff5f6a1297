//! The direct subclasses of each type, as weak references.

use crate::object::Cloner;
use crate::value::Value;
use std::collections::HashMap;

/// See the module's page.
#[derive(Default)]
pub struct Subclasses {
    of: HashMap<u64, Vec<Value>>,
    /// With a kept state: the lists that have changed since, as they were.
    before: Option<Vec<(u64, Option<Vec<Value>>)>>,
}

impl Subclasses {
    /// Those of the type at this address.
    pub fn of(&self, ty: u64) -> Vec<Value> {
        self.of.get(&ty).cloned().unwrap_or_default()
    }
    /// Replaces them.
    pub fn set(&mut self, ty: u64, list: Vec<Value>) {
        let old = self.of.insert(ty, list);
        if let Some(before) = &mut self.before {
            before.push((ty, old));
        }
    }
    /// Those of a clone.
    pub(crate) fn clone_in(&self, c: &mut Cloner) -> Subclasses {
        Subclasses { of: self.of.iter().map(|(k, v)| (c.address(*k), c.values(v))).collect(), before: None }
    }
    pub(super) fn keep(&mut self) {
        self.before = Some(Vec::new());
    }
    pub(super) fn roll_back(&mut self) {
        let Some(before) = &mut self.before else { return };
        for (ty, old) in before.drain(..).rev() {
            match old {
                Some(list) => self.of.insert(ty, list),
                None => self.of.remove(&ty),
            };
        }
    }
}
