//! The image: what isolates share. Built-in types, their methods, names and small constants: made once, frozen, immortal.

use crate::error::Exc;
use crate::heap::Heap;
use crate::num::Int;
use crate::object::{Layout, layout_of};
use crate::special::{Name, Special};
use crate::types::dict::Key;
use crate::types::int::BigInt;
use crate::types::native::{GetSet, GetSetDescr, Literal, Native, NativeDef, Signature};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{self, flags};
use crate::types::{T, exception};
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// A native type's declaration.
pub struct TypeDef {
    /// The name; `module.name` for types outside builtins.
    pub name: &'static str,
    /// The base.
    pub base: Option<T>,
    /// How instances are laid out.
    pub layout: &'static Layout,
    /// Bits of `type_::flags`.
    pub flags: u32,
    /// The docstring.
    pub doc: &'static str,
    /// Methods, special ones included.
    pub methods: &'static [NativeDef],
    /// Attributes.
    pub getset: &'static [GetSet],
}

impl TypeDef {
    /// A type derived from object, with weak references, not to be subclassed unless `flags` say so.
    pub const fn new(name: &'static str, layout: &'static Layout) -> TypeDef {
        TypeDef { name, base: Some(T::Object), layout, flags: 0, doc: "", methods: &[], getset: &[] }
    }
    /// With more flags.
    pub const fn flags(mut self, flags: u32) -> TypeDef {
        self.flags |= flags;
        self
    }
    /// With another base.
    pub const fn base(mut self, base: Option<T>) -> TypeDef {
        self.base = base;
        self
    }
    /// With a docstring.
    pub const fn doc(mut self, doc: &'static str) -> TypeDef {
        self.doc = doc;
        self
    }
    /// With methods.
    pub const fn methods(mut self, methods: &'static [NativeDef]) -> TypeDef {
        self.methods = methods;
        self
    }
    /// With attributes.
    pub const fn getset(mut self, getset: &'static [GetSet]) -> TypeDef {
        self.getset = getset;
        self
    }
}

/// Names made once, by text.
pub(crate) trait Interner {
    /// The one str with this text.
    fn intern(&mut self, text: &str) -> Value;
    /// The heap for new objects.
    fn heap(&mut self) -> &mut Heap;
    /// A built-in type.
    fn core_type(&self, t: T) -> Value;
}

/// See the module's page.
pub struct Image {
    types: Vec<Value>,
    exceptions: Vec<Value>,
    names: Vec<Value>,
    specials: Vec<Value>,
    chars: Vec<Value>,
    empty_tuple: Value,
    interned: HashMap<Box<str>, Value>,
    next_version: u32,
    /// Last, as fields are dropped in this order and the others hold values.
    heap: Box<Heap>,
}

// SAFETY: an image is frozen before it is shared: its objects are immortal (counts are never written), its types immutable,
// and nothing in it has interior state that a native writes.
unsafe impl Send for Image {}
// SAFETY: as above.
unsafe impl Sync for Image {}

impl Interner for Image {
    fn intern(&mut self, text: &str) -> Value {
        if let Some(v) = self.interned.get(text) {
            return v.clone();
        }
        let ty = self.types[T::Str as usize].clone();
        let v = new_name(&mut self.heap, &ty, text);
        self.interned.insert(text.into(), v.clone());
        v
    }
    fn heap(&mut self) -> &mut Heap {
        &mut self.heap
    }
    fn core_type(&self, t: T) -> Value {
        self.types[t as usize].clone()
    }
}

/// A new interned str, its hash computed.
pub(crate) fn new_name(heap: &mut Heap, str_type: &Value, text: &str) -> Value {
    let s = Str::new(text.to_string());
    s.set_hash(crate::hash::bytes(text.as_bytes()));
    let v = heap.new_object(str_type, s);
    if let Some(h) = v.header() {
        h.set(crate::heap::TYPE_BIT);
    }
    v
}

impl Image {
    /// Builds an image.
    pub fn new() -> Arc<Image> {
        let mut image = Image {
            heap: Heap::new(),
            types: Vec::new(),
            exceptions: Vec::new(),
            names: Vec::new(),
            specials: Vec::new(),
            chars: Vec::new(),
            empty_tuple: Value::NULL,
            interned: HashMap::new(),
            next_version: 1,
        };
        image.make_types();
        image.names = Name::ALL.iter().map(|n| image.intern(n.text())).collect();
        image.specials = Special::ALL.iter().map(|s| image.intern(s.name())).collect();
        image.chars = (0..256u32).filter_map(char::from_u32).map(|c| image.intern(c.encode_utf8(&mut [0; 4]))).collect();
        let tuple = image.core_type(T::Tuple);
        image.empty_tuple = image.heap.new_object(&tuple, Tuple::new(Vec::new()));
        image.fill_types();
        image.heap.freeze();
        Arc::new(image)
    }

    fn make_types(&mut self) {
        for (i, def) in crate::types::ALL.iter().enumerate() {
            let meta = if i == T::Type as usize { None } else { self.types.first().cloned() };
            let ty = self.heap.new_type(meta.as_ref(), def.layout, def.flags | flags::IMMUTABLE | flags::WEAKREF);
            self.types.push(ty);
        }
        let meta = self.core_type(T::Type);
        for _ in Exc::ALL {
            let f = flags::EXCEPTION | flags::BASE | flags::HAS_DICT | flags::IMMUTABLE | flags::WEAKREF;
            let ty = self.heap.new_type(Some(&meta), layout_of::<exception::Exception>(), f);
            self.exceptions.push(ty);
        }
    }

    fn fill_types(&mut self) {
        let mut filled = vec![false; crate::types::ALL.len()];
        for i in 0..filled.len() {
            self.fill_core(i, &mut filled);
        }
        for (i, exc) in Exc::ALL.iter().enumerate() {
            let ty = self.exceptions[i].clone();
            let base = if i == 0 { self.core_type(T::Object) } else { self.exceptions[exc.base() as usize].clone() };
            let second = if *exc == Exc::ExceptionGroup { vec![self.exceptions[Exc::Exception as usize].clone()] } else { vec![] };
            let def = exception::def(*exc);
            self.fill(&ty, &def, Some(base), &second, &[]);
        }
    }

    /// Fills a type of the table after its base, from which it takes methods.
    fn fill_core(&mut self, i: usize, filled: &mut Vec<bool>) {
        if std::mem::replace(&mut filled[i], true) {
            return;
        }
        let def = crate::types::ALL[i];
        if let Some(b) = def.base {
            self.fill_core(b as usize, filled);
        }
        let ty = self.types[i].clone();
        let base = def.base.map(|b| self.core_type(b));
        self.fill(&ty, def, base, &[], &[]);
    }

    fn fill(&mut self, ty: &Value, def: &TypeDef, base: Option<Value>, more_bases: &[Value], _: &[Value]) {
        let version = self.next_version;
        self.next_version += 1;
        fill_type(self, ty, def, base, more_bases, version);
    }

    /// A built-in type.
    #[inline(always)]
    pub fn ty(&self, t: T) -> &Value {
        &self.types[t as usize]
    }
    /// The built-in types, in the order of `types::ALL`.
    pub fn types(&self) -> &[Value] {
        &self.types
    }
    /// A built-in exception type.
    #[inline(always)]
    pub fn exc(&self, e: Exc) -> &Value {
        &self.exceptions[e as usize]
    }
    /// A name the machine uses.
    #[inline(always)]
    pub fn name(&self, n: Name) -> &Value {
        &self.names[n as usize]
    }
    /// A special method's name.
    #[inline(always)]
    pub fn special_name(&self, s: Special) -> &Value {
        &self.specials[s as usize]
    }
    /// The str of one Latin-1 character.
    #[inline(always)]
    pub fn char(&self, c: u8) -> &Value {
        &self.chars[c as usize]
    }
    /// `()`
    pub fn empty_tuple(&self) -> &Value {
        &self.empty_tuple
    }
    /// An interned str, if the image has it.
    pub fn interned(&self, text: &str) -> Option<&Value> {
        self.interned.get(text)
    }
    /// The first type version free for isolates.
    pub fn next_version(&self) -> u32 {
        self.next_version
    }
}

/// Fills a native type: namespace, bases, MRO, special methods.
pub(crate) fn fill_type(cx: &mut dyn Interner, ty: &Value, def: &TypeDef, base: Option<Value>, more_bases: &[Value], version: u32) {
    let (module, short) = def.name.rsplit_once('.').unwrap_or(("builtins", def.name));
    let name = cx.intern(short);
    let module_name = cx.intern(module);
    // its methods look at it
    cx.heap().type_mut(ty).name = name.clone();
    let mut entries: Vec<(Value, Value)> = Vec::new();
    if !def.doc.is_empty() {
        let (k, v) = (cx.intern("__doc__"), cx.intern(def.doc));
        entries.push((k, v));
    }
    if module != "builtins" {
        entries.push((cx.intern("__module__"), module_name.clone()));
    }
    for m in def.methods {
        let native = new_native(cx, m, ty.clone(), Value::NULL);
        let native = match m.binding {
            crate::types::native::Binding::Static if m.name() != "__new__" => {
                let st = cx.core_type(T::StaticMethod);
                cx.heap().new_object(&st, crate::types::descriptor::StaticMethod::new(native))
            }
            _ => native,
        };
        entries.push((cx.intern(m.name()), native));
    }
    let has_dict = def.flags & flags::HAS_DICT != 0 && def.base == Some(T::Object) && !def.getset.iter().any(|g| g.name == "__dict__");
    let dict = crate::types::native::getset("__dict__", crate::types::object_::get_dict, crate::types::object_::set_dict);
    for g in def.getset.iter().chain(has_dict.then_some(&dict)) {
        let descr_type = cx.core_type(T::GetSetDescr);
        let d = cx.heap().new_object(&descr_type, GetSetDescr { def: *g, class: ty.clone() });
        entries.push((cx.intern(g.name), d));
    }
    // a type that says what equality means and nothing about hashes is unhashable
    let defines = |name: &str| def.methods.iter().any(|m| m.name() == name);
    if defines("__eq__") && !defines("__hash__") {
        entries.push((cx.intern("__hash__"), Value::NONE));
    }
    let tuple_type = cx.core_type(T::Tuple);
    let mut bases: Vec<Value> = base.iter().cloned().collect();
    bases.extend(more_bases.iter().cloned());
    let bases_tuple = cx.heap().new_object(&tuple_type, Tuple::new(bases.clone()));
    let with_mro: Vec<(Value, Vec<Value>)> = bases.iter().map(|b| (b.clone(), type_of_value(b).mro.clone())).collect();
    let mro = type_::c3(ty.clone(), &with_mro).unwrap_or_else(|_| panic!("native bases agree"));
    let inherited = base.as_ref().map_or(0, |b| type_of_value(b).flags()) & flags::INHERITED;
    let t = cx.heap().type_mut(ty);
    t.qualname = name;
    t.module = module_name;
    t.base = base.unwrap_or(Value::NULL);
    t.bases = bases_tuple;
    t.mro = mro;
    t.id = version;
    t.head.version.set(version);
    t.set_flag(inherited, true);
    for (k, v) in entries {
        let hash = k.get::<Str>().map_or(0, Str::cached_hash);
        if t.dict.find_str(&k).is_none() {
            t.dict.insert_new(hash, k, v);
        }
    }
    resolve_specials(cx, ty);
}

/// A native function object of this declaration.
pub(crate) fn new_native(cx: &mut dyn Interner, def: &NativeDef, class: Value, module: Value) -> Value {
    #[allow(clippy::arc_with_non_send_sync)] // shared only within an image, which is Send and Sync as a whole, or an isolate
    let sig = Arc::new(Signature::parse(def.sig, &mut |literal| match literal {
        Literal::Text(text) => cx.intern(text),
        Literal::Int(i) => {
            let ty = cx.core_type(T::Int);
            cx.heap().new_object(&ty, BigInt(Int::from(i)))
        }
    }));
    let native = Native { def: *def, sig, this: Value::NULL, class, module };
    let ty = cx.core_type(native.type_of_descriptor());
    cx.heap().new_object(&ty, native)
}

fn type_of_value(ty: &Value) -> &type_::TypeObj {
    ty.header().and_then(crate::object::type_payload).expect("a type")
}

/// Fills the table of special methods from the MRO, and the flags that follow from it.
pub(crate) fn resolve_specials(cx: &mut dyn Interner, ty: &Value) {
    let mut table: Vec<Value> = match type_of_value(ty).mro.get(1) {
        Some(base) if type_of_value(ty).mro.len() == type_of_value(base).mro.len() + 1 => {
            // single inheritance: only what the own namespace says differs
            let mut table = type_of_value(base).special.to_vec();
            for (k, v) in type_of_value(ty).dict.iter() {
                if let Some(s) = special_of(k) {
                    table[s as usize] = v.clone();
                }
            }
            table
        }
        _ => {
            let mut table = vec![Value::NULL; Special::ALL.len()];
            for class in type_of_value(ty).mro.iter().rev() {
                for (k, v) in type_of_value(class).dict.iter() {
                    if let Some(s) = special_of(k) {
                        table[s as usize] = v.clone();
                    }
                }
            }
            table
        }
    };
    let object = cx.core_type(T::Object);
    let object_special = |s: Special| if ty.is(&object) { Value::NULL } else { type_of_value(&object).special[s as usize].clone() };
    let (eq, getattribute, setattr, delattr) =
        (object_special(Special::Eq), object_special(Special::GetAttribute), object_special(Special::SetAttr), object_special(Special::DelAttr));
    let own = ty.is(&object);
    let at = |s: Special| &table[s as usize];
    let identity_eq = own || at(Special::Eq).is(&eq);
    let plain_get = (own || at(Special::GetAttribute).is(&getattribute)) && at(Special::GetAttr).is_null();
    let plain_set = own || (at(Special::SetAttr).is(&setattr) && at(Special::DelAttr).is(&delattr));
    // some natives have one without a method
    let native = |c: &Value| !type_of_value(c).has(flags::HEAP) && type_of_value(c).has(flags::FINALIZER);
    let finalizer = !at(Special::Del).is_null() || type_of_value(ty).mro.iter().any(native);
    let unhashable = at(Special::Hash).is_none();
    let t = cx.heap().type_mut(ty);
    t.set_flag(flags::IDENTITY_EQ, identity_eq);
    t.set_flag(flags::PLAIN_GETATTR, plain_get);
    t.set_flag(flags::PLAIN_SETATTR, plain_set);
    t.set_flag(flags::FINALIZER, finalizer);
    t.set_flag(flags::UNHASHABLE, unhashable);
    for (slot, v) in t.special.iter_mut().zip(table.drain(..)) {
        *slot = v;
    }
}

fn special_of(key: &Key) -> Option<Special> {
    let text = key.value.get::<Str>()?.as_str()?;
    if text.starts_with("__") { Special::from_name(text) } else { None }
}
