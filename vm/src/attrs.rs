//! Instance attributes by shape.
//!
//! A shape (hidden class) tells which attribute lies at which index; objects that got the same attributes in the same order
//! share one, so an inline cache needs to compare only the shape. Shapes form a tree of transitions, kept per isolate. An object
//! leaves its shape for a dict when its `__dict__` is asked for, an attribute is deleted, or it has too many.

use crate::object::Cloner;
use crate::value::Value;
use std::collections::HashMap;

/// The shape of objects that keep their attributes in a dict.
pub const DICT_SHAPE: u32 = u32::MAX;
/// The shape of objects without attributes.
pub const EMPTY_SHAPE: u32 = 0;
const MAX_ATTRS: usize = 64;

/// The attributes of one object.
#[repr(C)]
#[derive(Default)]
pub struct Attrs {
    vals: Vec<Value>,
    shape: u32,
}

/// One node of the tree of shapes.
struct Shape {
    names: Vec<Value>,
    next: Vec<(u64, u32)>,
}

/// All shapes of an isolate.
pub struct Shapes {
    list: Vec<Shape>,
    /// (shape, name) -> index, for shapes with more than a few names.
    index: HashMap<(u32, u64), u32>,
}

impl Default for Shapes {
    fn default() -> Shapes {
        Shapes { list: vec![Shape { names: Vec::new(), next: Vec::new() }], index: HashMap::new() }
    }
}

const LINEAR: usize = 8;

impl Shapes {
    /// Where `name` (interned) lies in objects of this shape.
    pub fn find(&self, shape: u32, name: &Value) -> Option<usize> {
        let names = &self.list.get(shape as usize)?.names;
        if names.len() <= LINEAR { names.iter().position(|n| n.is(name)) } else { self.index.get(&(shape, name.bits())).map(|&i| i as usize) }
    }
    /// The names of a shape, in order.
    pub fn names(&self, shape: u32) -> &[Value] {
        self.list.get(shape as usize).map_or(&[], |s| &s.names)
    }
    /// The shape after adding `name`; `None` where there are too many for a shape.
    pub fn add(&mut self, shape: u32, name: &Value) -> Option<u32> {
        let from = self.list.get(shape as usize)?;
        if let Some(&(_, to)) = from.next.iter().find(|(n, _)| *n == name.bits()) {
            return Some(to);
        }
        if from.names.len() >= MAX_ATTRS || from.next.len() >= 256 {
            return None;
        }
        let mut names = from.names.clone();
        names.push(name.clone());
        let to = self.list.len() as u32;
        if names.len() > LINEAR {
            self.index.extend(names.iter().enumerate().map(|(i, n)| ((to, n.bits()), i as u32)));
        }
        self.list.push(Shape { names, next: Vec::new() });
        self.list[shape as usize].next.push((name.bits(), to));
        Some(to)
    }
    /// The same shapes, with the names' counterparts.
    pub(crate) fn clone_in(&self, c: &mut Cloner) -> Shapes {
        let list = self.list.iter().map(|s| Shape { names: c.values(&s.names), next: s.next.iter().map(|&(n, to)| (c.address(n), to)).collect() });
        let list = list.collect();
        Shapes { list, index: self.index.iter().map(|(&(shape, n), &i)| ((shape, c.address(n)), i)).collect() }
    }
    /// Shows the names to the collector's caller (they are roots).
    pub fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.list.iter().flat_map(|s| &s.names).for_each(visit);
    }
}

impl Attrs {
    /// Bytes of the values.
    pub fn outside(&self) -> usize {
        self.vals.capacity() * size_of::<Value>()
    }
    /// The shape's number.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.shape
    }
    /// Whether the attributes are in a dict.
    pub fn is_dict(&self) -> bool {
        self.shape == DICT_SHAPE
    }
    /// The dict that holds the attributes, if one does.
    pub fn dict(&self) -> Option<&Value> {
        if self.is_dict() { self.vals.first() } else { None }
    }
    /// The values, by the shape's order. A null value is an unset slot.
    #[inline(always)]
    pub fn values(&self) -> &[Value] {
        &self.vals
    }
    /// The values, to be changed.
    #[inline(always)]
    pub fn values_mut(&mut self) -> &mut Vec<Value> {
        &mut self.vals
    }
    /// An attribute of a shaped object; `None` where it has none of that name (or keeps a dict).
    pub fn get(&self, shapes: &Shapes, name: &Value) -> Option<&Value> {
        let i = shapes.find(self.shape, name)?;
        self.vals.get(i)?.as_opt()
    }
    /// Sets an attribute of a shaped object; gives the value back where the object must go over to a dict first.
    pub fn set(&mut self, shapes: &mut Shapes, name: &Value, value: Value) -> Result<Value, Value> {
        if self.is_dict() {
            return Err(value);
        }
        if let Some(i) = shapes.find(self.shape, name) {
            return Ok(std::mem::replace(&mut self.vals[i], value));
        }
        match shapes.add(self.shape, name) {
            Some(to) => {
                self.push(to, value);
                Ok(Value::NULL)
            }
            None => Err(value),
        }
    }
    /// Adds a value as the last, with the shape that follows.
    #[inline]
    pub fn push(&mut self, shape: u32, value: Value) {
        if self.vals.capacity() == 0 {
            self.vals.reserve_exact(4);
        }
        self.vals.push(value);
        self.shape = shape;
    }
    /// Takes all values out and goes over to `dict`, which the caller fills with them.
    pub fn become_dict(&mut self, dict: Value) -> Vec<Value> {
        self.shape = DICT_SHAPE;
        std::mem::replace(&mut self.vals, vec![dict])
    }
    pub(crate) fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.vals.iter().for_each(visit);
    }
    pub(crate) fn clear(&mut self) {
        self.vals = Vec::new();
        self.shape = EMPTY_SHAPE;
    }
    pub(crate) fn clone_in(&self, c: &mut Cloner) -> Attrs {
        Attrs { vals: c.values(&self.vals), shape: self.shape }
    }
}
