//! `_types`: the built-in types that have no name among the builtins, for the module `types` (`Modules/_typesmodule.c`).

use gilbert_vm::error::PyResult;
use gilbert_vm::types::T;
use gilbert_vm::vm::Vm;

/// Slot wrappers and method wrappers are plain native methods here, so two names stand for one type.
static NAMES: &[(&str, T)] = &[
    ("FunctionType", T::Function),
    ("LambdaType", T::Function),
    ("CodeType", T::Code),
    ("MappingProxyType", T::MappingProxy),
    ("SimpleNamespace", T::SimpleNamespace),
    ("CellType", T::Cell),
    ("GeneratorType", T::Generator),
    ("CoroutineType", T::Coroutine),
    ("AsyncGeneratorType", T::AsyncGenerator),
    ("MethodType", T::BoundMethod),
    ("BuiltinFunctionType", T::Native),
    ("BuiltinMethodType", T::Native),
    ("WrapperDescriptorType", T::WrapperDescr),
    ("MethodWrapperType", T::MethodWrapper),
    ("MethodDescriptorType", T::MethodDescr),
    ("ClassMethodDescriptorType", T::ClassMethodDescr),
    ("ModuleType", T::Module),
    ("TracebackType", T::Traceback),
    ("FrameType", T::Frame),
    ("GetSetDescriptorType", T::GetSetDescr),
    ("MemberDescriptorType", T::SlotDescr),
    ("GenericAlias", T::GenericAlias),
    ("UnionType", T::Union),
    ("EllipsisType", T::EllipsisType),
    ("NoneType", T::NoneType),
    ("NotImplementedType", T::NotImplementedType),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_types", "Define names for built-in types.", &[]);
    for &(name, t) in NAMES {
        let ty = vm.ty(t).clone();
        vm.module_set(&m, name, ty);
    }
    Ok(m)
}
