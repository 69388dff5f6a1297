//! `list`.

use crate::image::TypeDef;
use crate::types::type_::flags;
use crate::object::{Cloner, Kind, Payload, layout_of};
use crate::value::Value;

/// The payload of `list`.
pub struct List {
    items: Vec<Value>,
}

impl List {
    /// From its items.
    pub fn new(items: Vec<Value>) -> List {
        List { items }
    }
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        &self.items
    }
    /// The items, to be changed.
    #[inline(always)]
    pub fn items_mut(&mut self) -> &mut Vec<Value> {
        &mut self.items
    }
}

impl Payload for List {
    const KIND: Kind = Kind::List;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.items.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.items = Vec::new();
    }
    fn clone_in(&self, c: &mut Cloner) -> List {
        List { items: c.values(&self.items) }
    }
}

/// `list`
pub static DEF: TypeDef = TypeDef::new("list", layout_of::<List>).flags(flags::BASE | flags::SEQUENCE);
