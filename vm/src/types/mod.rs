//! The built-in types, one file each (or a folder where one file would be long).
//!
//! A type is a payload (`impl Payload`), tables of natives and attributes, and a `TypeDef` that [`types!`] lists.

use crate::image::TypeDef;

pub mod descriptor;
pub mod dict;
pub mod exception;
pub mod float;
pub mod function;
pub mod int;
pub mod list;
pub mod module;
pub mod native;
pub mod object_;
pub mod str;
pub mod tuple;
pub mod type_;

macro_rules! types {
    ($($id:ident => $def:expr,)*) => {
        /// The built-in types.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum T { $($id,)* }
        /// Their declarations, by number. `Type` comes first: it is everyone's type.
        pub static ALL: &[&TypeDef] = &[$(&$def,)*];
    };
}

types! {
    Type => type_::DEF,
    Object => object_::OBJECT,
    NoneType => object_::NONE_TYPE,
    NotImplementedType => object_::NOT_IMPLEMENTED_TYPE,
    EllipsisType => object_::ELLIPSIS_TYPE,
    Int => int::INT,
    Bool => int::BOOL,
    Float => float::DEF,
    Str => str::DEF,
    Tuple => tuple::DEF,
    List => list::DEF,
    Dict => dict::DEF,
    Function => function::FUNCTION,
    Native => native::NATIVE,
    MethodDescr => native::METHOD_DESCR,
    ClassMethodDescr => native::CLASS_METHOD_DESCR,
    GetSetDescr => native::GETSET_DESCR,
    SlotDescr => native::SLOT_DESCR,
    StaticMethod => descriptor::STATIC_METHOD,
    ClassMethod => descriptor::CLASS_METHOD,
    BoundMethod => function::BOUND_METHOD,
    Cell => function::CELL,
    Code => function::CODE,
    Module => module::DEF,
    Property => descriptor::PROPERTY,
}
