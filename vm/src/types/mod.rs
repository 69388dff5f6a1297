//! The built-in types, one file each (or a folder where one file would be long).
//!
//! A type is a payload (`impl Payload`), tables of natives and attributes, and a `TypeDef` that [`types!`] lists.

use crate::image::TypeDef;

pub mod arith;
pub mod async_gen;
pub mod bool;
pub mod buffer;
#[cfg(test)]
mod buffer_tests;
pub mod bytearray;
pub mod bytes;
pub mod class_build;
pub mod code_obj;
pub mod complex;
pub mod descriptor;
pub mod dict;
pub mod dict_methods;
pub mod dict_views;
pub mod exc_group;
pub mod exception;
pub mod float;
pub mod frame_obj;
pub mod function;
pub mod gen_types;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod lazy;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod module;
pub mod native;
pub mod none;
#[cfg(test)]
mod number_tests;
pub mod object_;
pub mod range;
pub mod seq;
pub mod set;
pub mod set_iter;
pub mod set_ops;
pub mod set_table;
pub mod simple_namespace;
pub mod slice;
pub mod sort;
pub mod str;
pub mod super_;
pub mod tuple;
pub mod type_;
pub mod union;
pub mod weakref;

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
    NoneType => none::NONE_TYPE,
    NotImplementedType => none::NOT_IMPLEMENTED_TYPE,
    EllipsisType => none::ELLIPSIS_TYPE,
    Int => int::INT,
    Bool => bool::DEF,
    Float => float::DEF,
    Complex => complex::DEF,
    Str => str::DEF,
    StrIter => str::iter::STR_ITER,
    StrAsciiIter => str::iter::STR_ASCII_ITER,
    Bytes => bytes::DEF,
    BytesIter => bytes::iter::BYTES_ITER,
    ByteArray => bytearray::DEF,
    ByteArrayIter => bytes::iter::BYTEARRAY_ITER,
    MemoryView => memoryview::DEF,
    MemoryIter => memoryview::MEMORY_ITER,
    Tuple => tuple::DEF,
    List => list::DEF,
    Dict => dict_methods::DEF,
    DictKeys => dict_views::KEYS,
    DictValues => dict_views::VALUES,
    DictItems => dict_views::ITEMS,
    Set => set::SET,
    FrozenSet => set::FROZEN_SET,
    SetIter => set_iter::SET_ITER,
    Enumerate => lazy::ENUMERATE,
    Zip => lazy::ZIP,
    Map => lazy::MAP,
    Filter => lazy::FILTER,
    DictKeyIter => dict_views::KEY_ITER,
    DictValueIter => dict_views::VALUE_ITER,
    DictItemIter => dict_views::ITEM_ITER,
    DictRevKeyIter => dict_views::REV_KEY_ITER,
    DictRevValueIter => dict_views::REV_VALUE_ITER,
    DictRevItemIter => dict_views::REV_ITEM_ITER,
    Slice => slice::DEF,
    Range => range::DEF,
    RangeIter => range::RANGE_ITER,
    LongRangeIter => range::LONG_RANGE_ITER,
    ListIter => iterators::LIST_ITER,
    ListRevIter => iterators::LIST_REV_ITER,
    TupleIter => iterators::TUPLE_ITER,
    SeqIter => iterators::SEQ_ITER,
    Reversed => iterators::REVERSED,
    CallableIter => iterators::CALLABLE_ITER,
    Function => function::FUNCTION,
    Native => native::NATIVE,
    MethodDescr => native::METHOD_DESCR,
    WrapperDescr => native::WRAPPER_DESCR,
    MethodWrapper => native::METHOD_WRAPPER,
    ClassMethodDescr => native::CLASS_METHOD_DESCR,
    GetSetDescr => native::GETSET_DESCR,
    SlotDescr => native::SLOT_DESCR,
    StaticMethod => descriptor::STATIC_METHOD,
    ClassMethod => descriptor::CLASS_METHOD,
    BoundMethod => function::BOUND_METHOD,
    Cell => function::CELL,
    Code => code_obj::CODE,
    Module => module::DEF,
    Property => descriptor::PROPERTY,
    Frame => frame_obj::FRAME,
    Traceback => frame_obj::TRACEBACK,
    Generator => gen_types::GENERATOR,
    Coroutine => gen_types::COROUTINE,
    AwaitWrapper => gen_types::AWAIT_WRAPPER,
    AsyncGenerator => async_gen::DEF,
    AsyncGenWrapped => async_gen::WRAPPED,
    AsyncGenStep => async_gen::STEP,
    AsyncGenThrow => async_gen::THROW,
    AnextAwaitable => async_gen::ANEXT,
    Super => super_::DEF,
    MappingProxy => mappingproxy::DEF,
    SimpleNamespace => simple_namespace::DEF,
    GenericAlias => generic_alias::DEF,
    Union => union::DEF,
    WeakRef => weakref::REF,
    WeakProxy => weakref::PROXY,
    WeakCallableProxy => weakref::CALLABLE_PROXY,
}
