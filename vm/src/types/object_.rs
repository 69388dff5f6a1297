//! `object`, and the types of the singletons.

use crate::image::TypeDef;
use crate::object::{Bare, layout_of};
use crate::types::type_::flags;

/// `object`
pub static OBJECT: TypeDef = TypeDef::new("object", layout_of::<Bare>).base(None).flags(flags::BASE);
/// `NoneType`
pub static NONE_TYPE: TypeDef = TypeDef::new("NoneType", layout_of::<Bare>);
/// `NotImplementedType`
pub static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef::new("NotImplementedType", layout_of::<Bare>);
/// `ellipsis`
pub static ELLIPSIS_TYPE: TypeDef = TypeDef::new("ellipsis", layout_of::<Bare>);
