//! `tuple`: a fixed sequence of values.

use crate::image::TypeDef;
use crate::types::type_::flags;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::value::Value;

/// The payload of `tuple`.
pub struct Tuple(Box<[Value]>);

impl Tuple {
    /// From its items.
    pub fn new(items: Vec<Value>) -> Tuple {
        Tuple(items.into())
    }
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        &self.0
    }
}

impl Payload for Tuple {
    const KIND: Kind = Kind::Tuple;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.0.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.0 = Box::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Tuple {
        Tuple(c.values(&self.0).into())
    }
}
impl Immutable for Tuple {}

/// `tuple`
pub static DEF: TypeDef = TypeDef::new("tuple", layout_of::<Tuple>).flags(flags::BASE | flags::SEQUENCE | flags::PLAIN_EQ | flags::MATCH_SELF);
