//! What the processes of one machine share beside threads and files: tables that layers above define, kept by their Rust type.
//!
//! A library module that needs a name known to every process (semaphores, shared memory, listeners within the machine) declares a type
//! of its own, `Default` and `Sync`, and asks for the machine's one. There is no process-wide state: another machine has another shelf.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// See the module's page. A clone is the same shelf.
#[derive(Clone, Default)]
pub struct Shelf(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Shelf {
    /// The machine's only `T`, made when first asked for.
    pub fn get<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock();
        let entry = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(all);
        entry.downcast().expect("entries are kept by their type")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn a_type_has_one_entry_on_a_shelf_and_its_clones() {
        #[derive(Default)]
        struct Count(AtomicU32);
        let shelf = Shelf::default();
        shelf.get::<Count>().0.fetch_add(1, Ordering::Relaxed);
        assert_eq!(shelf.clone().get::<Count>().0.fetch_add(1, Ordering::Relaxed), 1);
        assert_eq!(Shelf::default().get::<Count>().0.load(Ordering::Relaxed), 0);
    }
}
