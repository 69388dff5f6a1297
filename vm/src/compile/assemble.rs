//! From a stream of instructions with labels to finished code: basic blocks, jump threading, unreachable code, line numbers of
//! artificial instructions, exception table, stack depth. The passes are those of CPython 3.12's `Python/flowgraph.c`.

use super::effects::effect;
use super::peephole;
use crate::code::{Const, ExcEntry, Pos};
use crate::op::{self, Instr, Op};

/// A place in the stream that jumps can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(pub u32);

/// What a member of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A real instruction.
    Op(Op),
    /// From here on exceptions go to the handler with the exception pushed.
    SetupFinally,
    /// The same, with the failing instruction's index pushed below the exception.
    SetupCleanup,
    /// As `SetupCleanup`, but the top of the stack (the result of `__enter__`) does not stay.
    SetupWith,
    /// The innermost handler ends.
    PopBlock,
}

/// One member of the stream. `b` is a label (later: a block) where the operation jumps or sets a handler up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ins {
    pub kind: Kind,
    pub c: u8,
    pub b: u32,
    pub pos: Pos,
    /// The block that handles its exceptions (known after `label_handlers`).
    pub handler: Option<u32>,
}

impl Ins {
    pub fn op(op: Op, b: u32, pos: Pos) -> Ins {
        Ins { kind: Kind::Op(op), c: 0, b, pos, handler: None }
    }

    pub fn is(&self, op: Op) -> bool {
        self.kind == Kind::Op(op)
    }

    pub fn is_jump(&self) -> bool {
        matches!(self.kind, Kind::Op(op) if op.flags() & op::JUMP != 0)
    }

    pub fn is_setup(&self) -> bool {
        matches!(self.kind, Kind::SetupFinally | Kind::SetupCleanup | Kind::SetupWith)
    }

    pub fn is_end(&self) -> bool {
        matches!(self.kind, Kind::Op(op) if op.flags() & op::END != 0)
    }

    pub fn is_plain_jump(&self) -> bool {
        self.is(Op::Jump) || self.is(Op::JumpBack)
    }

    pub fn make_nop(&mut self) {
        self.kind = Kind::Op(Op::Nop);
        self.b = 0;
        self.c = 0;
    }
}

/// The instructions of a unit while it is being compiled.
#[derive(Default)]
pub(super) struct Stream {
    pub ins: Vec<Ins>,
    labels: Vec<u32>,
}

const UNPLACED: u32 = u32::MAX;

impl Stream {
    pub fn new_label(&mut self) -> Label {
        self.labels.push(UNPLACED);
        Label(self.labels.len() as u32 - 1)
    }

    pub fn place(&mut self, label: Label) {
        debug_assert_eq!(self.labels[label.0 as usize], UNPLACED);
        self.labels[label.0 as usize] = self.ins.len() as u32;
    }
}

/// What the assembler makes.
pub(super) struct Assembled {
    pub instrs: Vec<Instr>,
    pub positions: Vec<Pos>,
    pub exc_table: Vec<ExcEntry>,
    pub stack_size: u32,
}

/// A bug of the compiler, told in words instead of by corrupting a stack.
pub(super) type Bug = String;

/// A straight run of instructions; only the last may jump.
#[derive(Clone, Default)]
pub(super) struct Block {
    pub ins: Vec<Ins>,
    preds: u32,
    warm: bool,
    seen: bool,
}

impl Block {
    fn falls_through(&self) -> bool {
        !self.ins.last().is_some_and(Ins::is_end)
    }

    /// Control leaves the code object at its end.
    fn exits(&self) -> bool {
        self.ins.last().is_some_and(|i| i.is_end() && !i.is_plain_jump())
    }

    fn has_no_line(&self) -> bool {
        self.ins.iter().all(|i| i.pos.line == 0)
    }
}

/// The blocks of a unit and their order in the code.
pub(super) struct Graph {
    pub blocks: Vec<Block>,
    pub order: Vec<u32>,
}

/// How large a block that leaves the code is copied in place of a jump to it.
const MAX_COPIED: usize = 4;

/// Assembles `stream`; `first_line` is for artificial instructions which no place can be found for.
pub(super) fn assemble(stream: Stream, consts: &[Const], first_line: u32) -> Result<Assembled, Bug> {
    let mut graph = Graph::split(stream)?;
    graph.remove_unreachable();
    graph.label_handlers()?;
    let handlers = Handlers::find(&graph)?;
    graph.inline_small_exits();
    graph.remove_unreachable();
    for at in 0..graph.order.len() {
        let block = graph.order[at] as usize;
        peephole::improve(&mut graph.blocks[block].ins, consts);
    }
    graph.split_constant_jumps();
    peephole::thread_jumps(&mut graph);
    graph.remove_unreachable();
    graph.remove_nops();
    graph.inline_small_exits();
    graph.remove_unreachable();
    graph.remove_redundant_jumps();
    graph.move_cold_blocks();
    graph.give_lines(first_line);
    graph.remove_setups();
    graph.turn_backward_conditionals();
    graph.emit(&handlers)
}

impl Graph {
    /// Cuts the stream at labels and behind jumps.
    fn split(stream: Stream) -> Result<Graph, Bug> {
        let len = stream.ins.len();
        let mut starts = vec![false; len + 1];
        starts[0] = true;
        for &at in &stream.labels {
            if at != UNPLACED {
                starts[at as usize] = true;
            }
        }
        for (i, ins) in stream.ins.iter().enumerate() {
            if ins.is_jump() || ins.is_end() {
                starts[i + 1] = true;
            }
        }
        let mut block_at = vec![0u32; len + 1];
        let mut blocks: Vec<Block> = Vec::new();
        for i in 0..=len {
            if starts[i] {
                blocks.push(Block::default());
            }
            block_at[i] = blocks.len() as u32 - 1;
            if i < len {
                let last = blocks.len() - 1;
                blocks[last].ins.push(stream.ins[i]);
            }
        }
        for block in &mut blocks {
            for ins in &mut block.ins {
                if ins.is_jump() || ins.is_setup() {
                    let at = stream.labels[ins.b as usize];
                    if at == UNPLACED {
                        return Err(format!("label {} was never placed", ins.b));
                    }
                    ins.b = block_at[at as usize];
                }
            }
        }
        let order = (0..blocks.len() as u32).collect();
        Ok(Graph { blocks, order })
    }

    /// The block that `at` falls into: the next in order that holds something.
    fn next_full(&self, at: usize) -> Option<u32> {
        self.order[at + 1..].iter().copied().find(|&b| !self.blocks[b as usize].ins.is_empty())
    }

    /// For each block its place in the order; `usize::MAX` for removed ones.
    pub fn places(&self) -> Vec<usize> {
        let mut places = vec![usize::MAX; self.blocks.len()];
        for (at, &b) in self.order.iter().enumerate() {
            places[b as usize] = at;
        }
        places
    }

    /// Follows empty blocks to the one that a jump really reaches.
    fn settle_targets(&mut self) {
        let mut next = vec![None; self.blocks.len()];
        let mut full = None;
        for &b in self.order.iter().rev() {
            if !self.blocks[b as usize].ins.is_empty() {
                full = Some(b);
            }
            next[b as usize] = full;
        }
        for b in 0..self.blocks.len() {
            for i in 0..self.blocks[b].ins.len() {
                let ins = self.blocks[b].ins[i];
                if (ins.is_jump() || ins.is_setup())
                    && let Some(target) = next[ins.b as usize]
                {
                    self.blocks[b].ins[i].b = target;
                }
            }
        }
    }

    /// The blocks that control may reach directly from the one at `at` in the order, by exceptions too.
    fn reached_from(&self, at: usize) -> Vec<u32> {
        let block = &self.blocks[self.order[at] as usize];
        let mut reached = Vec::new();
        for ins in &block.ins {
            if ins.is_jump() || ins.is_setup() {
                reached.push(ins.b);
            }
            if let Some(handler) = ins.handler
                && reached.last() != Some(&handler)
            {
                reached.push(handler);
            }
        }
        if block.falls_through() {
            reached.extend(self.order.get(at + 1));
        }
        reached
    }

    /// Drops blocks that nothing reaches and counts the predecessors of the others.
    fn remove_unreachable(&mut self) {
        self.settle_targets();
        let places = self.places();
        for block in &mut self.blocks {
            block.seen = false;
            block.preds = 0;
        }
        let mut work = vec![self.order[0]];
        self.blocks[self.order[0] as usize].seen = true;
        self.blocks[self.order[0] as usize].preds = 1;
        while let Some(b) = work.pop() {
            for to in self.reached_from(places[b as usize]) {
                let target = &mut self.blocks[to as usize];
                target.preds += 1;
                if !target.seen {
                    target.seen = true;
                    work.push(to);
                }
            }
        }
        let blocks = &self.blocks;
        let first = self.order[0];
        self.order.retain(|&b| b == first || (blocks[b as usize].seen && !blocks[b as usize].ins.is_empty()));
    }

    /// Copies small blocks that leave the code over jumps to them.
    fn inline_small_exits(&mut self) {
        self.settle_targets();
        for at in 0..self.order.len() {
            let b = self.order[at] as usize;
            let Some(last) = self.blocks[b].ins.last().copied() else {
                continue;
            };
            if !last.is_plain_jump() {
                continue;
            }
            let target = &self.blocks[last.b as usize];
            if target.exits() && target.ins.len() <= MAX_COPIED {
                let copy = target.ins.clone();
                let end = self.blocks[b].ins.len() - 1;
                self.blocks[b].ins[end].make_nop();
                self.blocks[b].ins.extend(copy);
            }
        }
    }

    /// A conditional jump on a constant became a plain one in the middle of its block: what follows is dead.
    fn split_constant_jumps(&mut self) {
        for block in &mut self.blocks {
            if let Some(end) = block.ins.iter().position(Ins::is_end) {
                block.ins.truncate(end + 1);
            }
        }
    }

    /// Drops the NOPs that no line event needs.
    fn remove_nops(&mut self) {
        for at in 0..self.order.len() {
            self.remove_nops_of(at);
        }
    }

    fn remove_nops_of(&mut self, at: usize) {
        let b = self.order[at] as usize;
        let old = std::mem::take(&mut self.blocks[b].ins);
        let follower = self.next_full(at).filter(|_| !old.last().is_some_and(Ins::is_end));
        let next_line = follower.and_then(|n| self.blocks[n as usize].ins.iter().find(|i| !(i.is(Op::Nop) && i.pos.line == 0))).map(|i| i.pos.line);
        let mut kept: Vec<Ins> = Vec::with_capacity(old.len());
        let mut carried = None;
        for (i, &ins) in old.iter().enumerate() {
            let mut ins = ins;
            if let Some(pos) = carried.take()
                && ins.pos.line == 0
            {
                ins.pos = pos;
            }
            if !ins.is(Op::Nop) {
                kept.push(ins);
                continue;
            }
            let line = ins.pos.line;
            if line == 0 || kept.last().is_some_and(|k| k.pos.line == line) {
                continue;
            }
            match old.get(i + 1) {
                Some(next) if next.pos.line == line => continue,
                Some(next) if next.pos.line == 0 => {
                    carried = Some(ins.pos);
                    continue;
                }
                None if next_line == Some(line) => continue,
                _ => kept.push(ins),
            }
        }
        self.blocks[b].ins = kept;
    }

    /// A jump to the very next instruction is none.
    fn remove_redundant_jumps(&mut self) {
        loop {
            self.settle_targets();
            let mut changed = false;
            for at in 0..self.order.len() {
                let next = self.next_full(at);
                let block = &mut self.blocks[self.order[at] as usize];
                if let Some(last) = block.ins.last_mut()
                    && last.is_plain_jump()
                    && Some(last.b) == next
                {
                    last.make_nop();
                    changed = true;
                }
            }
            if !changed {
                return;
            }
            self.remove_nops();
            self.remove_unreachable();
        }
    }

    /// Finds for each instruction the handler that its exception goes to, by walking the blocks with the stack of handlers.
    fn label_handlers(&mut self) -> Result<(), Bug> {
        let places = self.places();
        let mut entry: Vec<Option<Vec<u32>>> = vec![None; self.blocks.len()];
        entry[self.order[0] as usize] = Some(Vec::new());
        let mut work = vec![self.order[0]];
        while let Some(b) = work.pop() {
            let mut stack = entry[b as usize].clone().unwrap_or_default();
            let mut reached: Vec<(u32, Vec<u32>)> = Vec::new();
            for ins in &mut self.blocks[b as usize].ins {
                ins.handler = stack.last().copied();
                if ins.is_setup() {
                    reached.push((ins.b, stack.clone()));
                    stack.push(ins.b);
                } else if ins.kind == Kind::PopBlock {
                    stack.pop().ok_or_else(|| "a handler ends that never began".to_owned())?;
                    ins.make_nop();
                } else if ins.is_jump() {
                    reached.push((ins.b, stack.clone()));
                }
            }
            if self.blocks[b as usize].falls_through()
                && let Some(&next) = self.order.get(places[b as usize] + 1)
            {
                reached.push((next, stack));
            }
            for (to, stack) in reached {
                match &entry[to as usize] {
                    None => {
                        entry[to as usize] = Some(stack);
                        work.push(to);
                    }
                    Some(known) if *known == stack => {}
                    Some(known) => {
                        return Err(format!("block {to} is entered under handlers {known:?} and {stack:?}"));
                    }
                }
            }
        }
        Ok(())
    }

    /// Turns the markers of handlers into NOPs, which stay where a line event needs them (`try:`).
    fn remove_setups(&mut self) {
        for block in &mut self.blocks {
            for ins in &mut block.ins {
                if ins.is_setup() {
                    ins.make_nop();
                }
            }
        }
        self.remove_nops();
        self.remove_unreachable();
    }

    /// Handlers go behind the plain code, so that it runs without jumping over them.
    fn move_cold_blocks(&mut self) {
        for block in &mut self.blocks {
            block.warm = false;
        }
        let places = self.places();
        let mut work = vec![self.order[0]];
        self.blocks[self.order[0] as usize].warm = true;
        while let Some(b) = work.pop() {
            let block = &self.blocks[b as usize];
            let mut reached: Vec<u32> = block.ins.iter().filter(|i| i.is_jump()).map(|i| i.b).collect();
            if block.falls_through()
                && let Some(&next) = self.order.get(places[b as usize] + 1)
            {
                reached.push(next);
            }
            for to in reached {
                if !self.blocks[to as usize].warm {
                    self.blocks[to as usize].warm = true;
                    work.push(to);
                }
            }
        }
        if self.order.iter().all(|&b| self.blocks[b as usize].warm) {
            return;
        }
        self.bridge_cold_to_warm();
        let warm_of = |g: &Graph, b: u32| g.blocks[b as usize].warm;
        let (warm, cold): (Vec<u32>, Vec<u32>) = self.order.iter().partition(|&&b| warm_of(self, b));
        self.order = warm;
        self.order.extend(cold);
        self.remove_jumps_to_next();
    }

    /// A cold block that fell into a warm one must now jump to it.
    fn bridge_cold_to_warm(&mut self) {
        let mut order = Vec::with_capacity(self.order.len() + 4);
        for at in 0..self.order.len() {
            let b = self.order[at];
            order.push(b);
            let Some(&next) = self.order.get(at + 1) else {
                continue;
            };
            let block = &self.blocks[b as usize];
            if block.warm || !block.falls_through() || !self.blocks[next as usize].warm {
                continue;
            }
            let mut jump = Ins::op(Op::Jump, next, Pos::default());
            jump.handler = block.ins.last().and_then(|i| i.handler);
            let jump = Block { ins: vec![jump], preds: 1, ..Block::default() };
            self.blocks.push(jump);
            order.push(self.blocks.len() as u32 - 1);
        }
        self.order = order;
    }

    /// Removes plain jumps to the next block after the order changed (their lines are not needed: they are artificial).
    fn remove_jumps_to_next(&mut self) {
        for at in 0..self.order.len() {
            let next = self.next_full(at);
            let block = &mut self.blocks[self.order[at] as usize];
            if let Some(last) = block.ins.last()
                && last.is_plain_jump()
                && Some(last.b) == next
                && last.pos.line == 0
            {
                block.ins.pop();
            }
        }
    }

    /// Gives artificial instructions the place of what stands before them.
    fn give_lines(&mut self, first_line: u32) {
        self.count_predecessors();
        self.duplicate_exits();
        for at in 0..self.order.len() {
            let next = self.next_full(at);
            let b = self.order[at] as usize;
            let mut last = Pos::default();
            for ins in &mut self.blocks[b].ins {
                if ins.pos.line == 0 {
                    ins.pos = last;
                } else {
                    last = ins.pos;
                }
            }
            let mut heirs = Vec::new();
            if self.blocks[b].falls_through() {
                heirs.extend(next);
            }
            if let Some(jump) = self.blocks[b].ins.last()
                && jump.is_jump()
            {
                heirs.push(jump.b);
            }
            for heir in heirs {
                let heir = &mut self.blocks[heir as usize];
                if heir.preds == 1
                    && let Some(first) = heir.ins.first_mut()
                    && first.pos.line == 0
                {
                    first.pos = last;
                }
            }
        }
        let fallback = Pos { line: first_line, end_line: first_line, ..Pos::default() };
        for &b in &self.order {
            let block = &mut self.blocks[b as usize];
            if block.exits()
                && let Some(last) = block.ins.last_mut()
                && last.is(Op::ReturnConst)
                && last.pos.line == 0
            {
                last.pos = fallback;
            }
        }
    }

    fn count_predecessors(&mut self) {
        for block in &mut self.blocks {
            block.preds = 0;
        }
        self.blocks[self.order[0] as usize].preds = 1;
        for at in 0..self.order.len() {
            for to in self.reached_from(at) {
                self.blocks[to as usize].preds += 1;
            }
        }
    }

    /// Copies of a shared artificial exit, so that each can have the line of the code before it.
    fn duplicate_exits(&mut self) {
        let mut at = 0;
        while at < self.order.len() {
            let b = self.order[at] as usize;
            at += 1;
            let Some(&last) = self.blocks[b].ins.last() else {
                continue;
            };
            if !last.is_jump() {
                continue;
            }
            let target = last.b as usize;
            let shared = self.blocks[target].preds > 1;
            if !(shared && self.blocks[target].exits() && self.blocks[target].has_no_line()) {
                continue;
            }
            let mut copy = self.blocks[target].clone();
            copy.preds = 1;
            if let Some(first) = copy.ins.first_mut() {
                first.pos = last.pos;
            }
            self.blocks[target].preds -= 1;
            self.blocks.push(copy);
            let new = self.blocks.len() as u32 - 1;
            if let Some(last) = self.blocks[b].ins.last_mut() {
                last.b = new;
            }
            let place = self.order.iter().position(|&o| o as usize == target).unwrap_or(self.order.len() - 1);
            self.order.insert(place + 1, new);
        }
        for at in 0..self.order.len() {
            let b = self.order[at] as usize;
            let Some(next) = self.order.get(at + 1).map(|&n| n as usize) else {
                continue;
            };
            if self.blocks[b].falls_through()
                && let Some(last) = self.blocks[b].ins.last()
                && self.blocks[next].exits()
                && self.blocks[next].has_no_line()
            {
                let pos = last.pos;
                self.blocks[next].ins[0].pos = pos;
            }
        }
    }

    /// Conditional jumps go forward only; a backward one becomes its opposite over a backward jump.
    fn turn_backward_conditionals(&mut self) {
        let places = self.places();
        let mut order = Vec::with_capacity(self.order.len());
        for at in 0..self.order.len() {
            let b = self.order[at];
            order.push(b);
            let block = &mut self.blocks[b as usize];
            let Some(last) = block.ins.last_mut() else {
                continue;
            };
            let Some(opposite) = opposite(last.kind) else {
                continue;
            };
            if places[last.b as usize] > at {
                continue;
            }
            let Some(&next) = self.order.get(at + 1) else {
                continue;
            };
            let mut back = Ins::op(Op::JumpBack, last.b, last.pos);
            back.handler = last.handler;
            last.kind = Kind::Op(opposite);
            last.b = next;
            self.blocks.push(Block { ins: vec![back], ..Block::default() });
            order.push(self.blocks.len() as u32 - 1);
        }
        self.order = order;
    }

    /// Lays the blocks out.
    fn emit(mut self, handlers: &Handlers) -> Result<Assembled, Bug> {
        let max = self.deepest(handlers)?;
        let mut start = vec![0u32; self.blocks.len()];
        let mut at = 0u32;
        for &b in &self.order {
            start[b as usize] = at;
            at += self.blocks[b as usize].ins.len() as u32;
        }
        let mut out = Assembled { instrs: Vec::with_capacity(at as usize), positions: Vec::with_capacity(at as usize), exc_table: Vec::new(), stack_size: max };
        let mut open: Option<(u32, u32)> = None;
        for &b in &self.order {
            let block = std::mem::take(&mut self.blocks[b as usize]);
            for ins in &block.ins {
                let Kind::Op(op) = ins.kind else {
                    return Err("a marker is left in the code".to_owned());
                };
                let here = out.instrs.len() as u32;
                if open.map(|(h, _)| h) != ins.handler {
                    close_entry(&mut out.exc_table, open, here, &start, handlers)?;
                    open = ins.handler.map(|h| (h, here));
                }
                out.instrs.push(finish(op, ins, here, &start));
                out.positions.push(ins.pos);
            }
        }
        let end = out.instrs.len() as u32;
        close_entry(&mut out.exc_table, open, end, &start, handlers)?;
        Ok(out)
    }
}

/// The instruction with its target resolved and the direction of its jump told.
fn finish(op: Op, ins: &Ins, here: u32, start: &[u32]) -> Instr {
    let (op, b) = match op {
        Op::Jump | Op::JumpBack => {
            let target = start[ins.b as usize];
            let op = if target <= here { Op::JumpBack } else { Op::Jump };
            (op, target)
        }
        op if op.flags() & op::JUMP != 0 => (op, start[ins.b as usize]),
        op => (op, ins.b),
    };
    Instr::with_c(op, ins.c, b)
}

fn close_entry(table: &mut Vec<ExcEntry>, open: Option<(u32, u32)>, end: u32, start: &[u32], handlers: &Handlers) -> Result<(), Bug> {
    let Some((handler, from)) = open else {
        return Ok(());
    };
    if from == end {
        return Ok(());
    }
    let (depth, lasti) = handlers.known[handler as usize].ok_or_else(|| format!("handler {handler} was never set up"))?;
    table.push(ExcEntry { start: from, end, target: start[handler as usize], depth, lasti });
    Ok(())
}

/// The conditional jump with the opposite sense, where there is one.
fn opposite(kind: Kind) -> Option<Op> {
    let Kind::Op(op) = kind else { return None };
    match op {
        Op::PopJumpIfFalse => Some(Op::PopJumpIfTrue),
        Op::PopJumpIfTrue => Some(Op::PopJumpIfFalse),
        Op::PopJumpIfNone => Some(Op::PopJumpIfNotNone),
        Op::PopJumpIfNotNone => Some(Op::PopJumpIfNone),
        _ => None,
    }
}

/// For a handler's block: how many values stay on the stack, and whether the failing instruction's index is pushed.
struct Handlers {
    known: Vec<Option<(u32, bool)>>,
}

impl Handlers {
    /// Walks the graph and notes the depth at which each handler is set up.
    fn find(graph: &Graph) -> Result<Handlers, Bug> {
        let mut handlers = Handlers { known: vec![None; graph.blocks.len()] };
        graph.walk_depths(Vec::new(), |ins, depth| handlers.set_up(ins, depth))?;
        Ok(handlers)
    }

    /// Notes what stays on the stack for a handler set up at `depth`; the depth at which the handler begins.
    fn set_up(&mut self, ins: &Ins, depth: u32) -> Result<Option<u32>, Bug> {
        let (kept, lasti) = match ins.kind {
            Kind::SetupFinally => (depth, false),
            Kind::SetupCleanup => (depth, true),
            Kind::SetupWith if depth > 0 => (depth - 1, true),
            _ => return Err("a with statement without its manager".to_owned()),
        };
        let slot = &mut self.known[ins.b as usize];
        if slot.is_some_and(|known| known != (kept, lasti)) {
            return Err(format!("handler {} is set up at two depths", ins.b));
        }
        *slot = Some((kept, lasti));
        Ok(Some(kept + 1 + u32::from(lasti)))
    }
}

impl Graph {
    /// The deepest operand stack of the finished graph.
    fn deepest(&self, handlers: &Handlers) -> Result<u32, Bug> {
        let mut roots = Vec::new();
        for &b in &self.order {
            for ins in &self.blocks[b as usize].ins {
                if let Some(handler) = ins.handler {
                    let (kept, lasti) = handlers.known[handler as usize].ok_or_else(|| format!("handler {handler} was never set up"))?;
                    roots.push((handler, kept + 1 + u32::from(lasti)));
                }
            }
        }
        roots.dedup();
        self.walk_depths(roots, |_, _| Ok(None))
    }

    /// Walks all that control reaches from the entry and `roots`, checks that depths agree, and tells the greatest.
    /// `marker` is asked for the depth at the handler's start.
    fn walk_depths(&self, roots: Vec<(u32, u32)>, mut marker: impl FnMut(&Ins, u32) -> Result<Option<u32>, Bug>) -> Result<u32, Bug> {
        let places = self.places();
        let mut max = 0;
        let mut at_start: Vec<Option<u32>> = vec![None; self.blocks.len()];
        let mut work = Vec::new();
        let mut reached = roots;
        reached.push((self.order[0], 0));
        loop {
            for (to, depth) in reached.drain(..) {
                max = max.max(depth);
                match at_start[to as usize] {
                    None => {
                        at_start[to as usize] = Some(depth);
                        work.push((to, depth));
                    }
                    Some(known) if known == depth => {}
                    Some(known) => {
                        let first = self.blocks[to as usize].ins.first().map(|i| i.pos.line);
                        return Err(format!("depths {known} and {depth} meet at line {}", first.unwrap_or(0)));
                    }
                }
            }
            let Some((b, mut depth)) = work.pop() else {
                return Ok(max);
            };
            let block = &self.blocks[b as usize];
            for ins in &block.ins {
                match ins.kind {
                    Kind::PopBlock => {}
                    Kind::Op(op) => {
                        let known =
                            effect(&Instr::with_c(op, ins.c, ins.b)).filter(|e| e.pops <= depth).ok_or_else(|| format!("{op:?} {} at depth {depth}", ins.b))?;
                        if ins.is_jump() {
                            reached.push((ins.b, depth - known.pops + known.jump_pushes));
                        }
                        depth = depth - known.pops + known.pushes;
                        max = max.max(depth);
                    }
                    _ => {
                        if let Some(at_handler) = marker(ins, depth)? {
                            reached.push((ins.b, at_handler));
                        }
                    }
                }
            }
            if block.falls_through() {
                let next = self.order.get(places[b as usize] + 1);
                let next = next.ok_or_else(|| "control runs off the end".to_owned())?;
                reached.push((*next, depth));
            }
        }
    }
}
