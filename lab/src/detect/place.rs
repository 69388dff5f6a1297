//! Places in a script: stacks, each kept once and named by a number.

use gilbert_vm::code::CodeProto;
use gilbert_vm::op::SWITCH;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// One call of a stack.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct At {
    /// The source file.
    pub file: Arc<str>,
    /// The line.
    pub line: u32,
    /// The function, `<module>` outside any.
    pub function: Arc<str>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.rsplit('/').next().unwrap_or(&self.file);
        write!(f, "{file}:{}", self.line)?;
        if &*self.function != "<module>" {
            write!(f, " in {}", self.function)?;
        }
        Ok(())
    }
}

/// The number of a stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct StackId(pub u32);

/// An instruction of a code object.
#[derive(Clone)]
pub struct Spot {
    /// The code.
    pub code: Arc<CodeProto>,
    /// Which instruction.
    pub at: u32,
}

/// All stacks that were met. Those of the library's own frames, innermost, are left out.
#[derive(Default)]
pub struct Places {
    ids: HashMap<Box<[(usize, u32)]>, StackId>,
    /// The frames, innermost first; the code keeps its address as long as it is here.
    stacks: Vec<Box<[Spot]>>,
}

impl Places {
    /// The number of this stack, innermost frame first.
    pub fn id(&mut self, frames: &[(&Arc<CodeProto>, u32)]) -> StackId {
        let key: Box<[(usize, u32)]> = frames.iter().map(|(code, at)| (Arc::as_ptr(code) as usize, *at)).collect();
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let id = StackId(self.stacks.len() as u32);
        self.stacks.push(frames.iter().map(|(code, at)| Spot { code: Arc::clone(code), at: *at }).collect());
        self.ids.insert(key, id);
        id
    }
    /// The innermost instruction.
    pub fn spot(&self, id: StackId) -> Option<&Spot> {
        self.stacks.get(id.0 as usize)?.first()
    }
    /// The stack in words, innermost call first.
    pub fn stack(&self, id: StackId) -> Vec<At> {
        let frames = self.stacks.get(id.0 as usize).map_or(&[][..], |s| s);
        frames.iter().map(Spot::place).collect()
    }
}

impl Spot {
    /// File, line and function.
    pub fn place(&self) -> At {
        At { file: self.code.filename.clone(), line: self.code.line_at(self.at as usize), function: self.code.qualname.clone() }
    }
    /// Whether CPython since 3.10 can switch threads between this instruction and a later one of the same call: only at backward jumps,
    /// calls and a function's entry (`Python/ceval.c`, `CHECK_EVAL_BREAKER`).
    pub fn can_switch_before(&self, later: &Spot) -> bool {
        if !Arc::ptr_eq(&self.code, &later.code) || later.at <= self.at {
            return true;
        }
        let between = &self.code.instrs[self.at as usize + 1..=later.at as usize];
        between.iter().any(|i| i.op.flags() & SWITCH != 0)
    }
    /// Whether the instruction's line is the test of a loop that does nothing but wait: it stores nothing but locals.
    pub fn in_waiting_loop(&self) -> bool {
        use gilbert_vm::op::Op;
        let (code, line) = (&self.code, self.code.line_at(self.at as usize));
        let instrs = &code.instrs;
        let name = |i: usize| instrs.get(i).map(|x| (x.op, x.b));
        (0..instrs.len()).filter(|&back| instrs[back].op.flags() & gilbert_vm::op::JUMP != 0 && (instrs[back].b as usize) <= back).any(|back| {
            let range = instrs[back].b as usize..=back;
            let reads_it = range.clone().any(|i| code.line_at(i) == line && name(i) == name(self.at as usize));
            let stores = range.clone().any(|i| {
                matches!(
                    instrs[i].op,
                    Op::StoreGlobal | Op::StoreName | Op::StoreAttr | Op::StoreDeref | Op::StoreSubscr | Op::DeleteSubscr | Op::DeleteAttr | Op::ForIter
                )
            });
            reads_it && !stores
        })
    }
}
