//! `object`, the base of all classes.

use crate::image::TypeDef;
use crate::object::{Bare, layout_of};
use crate::types::type_::flags;

/// `object`
pub static OBJECT: TypeDef = TypeDef::new("object", layout_of::<Bare>).base(None).flags(flags::BASE);
