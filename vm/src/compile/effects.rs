//! What each instruction does to the operand stack: the one table that the assembler and the verifier read.

use crate::op::{self, Instr, Intrinsic, Op};

/// Values taken off and put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How many values the instruction takes (reads, at least).
    pub pops: u32,
    /// How many it leaves in their place when control goes on behind it.
    pub pushes: u32,
    /// How many it leaves when it jumps; the same as `pushes` where the instruction is no jump.
    pub jump_pushes: u32,
}

const fn plain(pops: u32, pushes: u32) -> Effect {
    Effect { pops, pushes, jump_pushes: pushes }
}

const fn jumping(pops: u32, pushes: u32, jump_pushes: u32) -> Effect {
    Effect { pops, pushes, jump_pushes }
}

/// The effect of `instr`; `None` for operands that make no sense and for fused instructions.
pub fn effect(instr: &Instr) -> Option<Effect> {
    let b = instr.b;
    if b > op_count_limit(instr.op) {
        return None;
    }
    Some(match instr.op {
        Op::Nop | Op::Resume | Op::MakeCell | Op::SetupAnnotations => plain(0, 0),
        Op::DeleteFast | Op::DeleteDeref | Op::DeleteGlobal | Op::DeleteName => plain(0, 0),
        Op::Pop | Op::StoreFast | Op::StoreDeref | Op::StoreGlobal | Op::StoreName => plain(1, 0),
        Op::DeleteAttr | Op::PrintExpr | Op::ImportStar | Op::PopExcept => plain(1, 0),
        Op::Copy => {
            if b == 0 {
                return None;
            }
            plain(b, b + 1)
        }
        Op::Swap => {
            if b < 2 {
                return None;
            }
            plain(b, b)
        }
        Op::PushNull | Op::LoadConst | Op::LoadFast | Op::LoadFastAndClear | Op::LoadClosure => plain(0, 1),
        Op::LoadDeref | Op::LoadLocals | Op::LoadGlobal | Op::LoadName => plain(0, 1),
        Op::LoadBuildClass | Op::LoadAssertionError | Op::ReturnGenerator => plain(0, 1),
        Op::LoadFromDictOrDeref | Op::LoadFromDictOrGlobals | Op::LoadAttr => plain(1, 1),
        Op::LoadMethod => plain(1, 2),
        Op::LoadSuperAttr => plain(3, if instr.c & 1 != 0 { 2 } else { 1 }),
        Op::StoreAttr | Op::DeleteSubscr => plain(2, 0),
        Op::BinarySubscr | Op::BinaryOp | Op::CompareOp | Op::IsOp | Op::ContainsOp => plain(2, 1),
        Op::StoreSubscr => plain(3, 0),
        Op::BuildSlice => {
            if b != 2 && b != 3 {
                return None;
            }
            plain(b, 1)
        }
        Op::UnaryNegative | Op::UnaryPositive | Op::UnaryInvert | Op::UnaryNot => plain(1, 1),
        Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => plain(b, 1),
        Op::BuildMap => plain(2 * b, 1),
        Op::ListAppend | Op::SetAdd | Op::ListExtend | Op::SetUpdate | Op::DictUpdate => container(b, 1)?,
        Op::DictMerge => container(b, 1)?,
        Op::MapAdd => container(b, 2)?,
        Op::ListToTuple | Op::GetIter | Op::GetYieldFromIter | Op::AsyncGenWrap => plain(1, 1),
        Op::GetAwaitable | Op::GetAIter | Op::YieldValue | Op::MakeFunction => plain(1, 1),
        Op::StopIterationError => plain(1, 1),
        Op::FormatValue => plain(1 + (b & 1), 1),
        Op::UnpackSequence => plain(1, b),
        Op::UnpackEx => plain(1, (b & 0xFFFF) + (b >> 16) + 1),
        Op::Jump | Op::JumpBack => plain(0, 0),
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => plain(1, 0),
        Op::JumpIfFalseOrPop | Op::JumpIfTrueOrPop => jumping(1, 0, 1),
        Op::ForIter => jumping(1, 2, 0),
        Op::Call => plain(b + 2, 1),
        Op::CallKw => plain(b + 3, 1),
        Op::CallEx => plain(3 + (b & 1), 1),
        Op::SetFunctionAttribute => plain(2, 1),
        Op::ReturnValue => plain(1, 0),
        Op::ReturnConst => plain(0, 0),
        Op::Send => plain(2, 2),
        Op::EndSend => plain(2, 1),
        Op::CleanupThrow => plain(3, 2),
        Op::GetANext => plain(1, 2),
        Op::EndAsyncFor => plain(2, 0),
        Op::RaiseVarargs => plain(b, 0),
        Op::PushExcInfo | Op::BeforeWith | Op::BeforeAsyncWith => plain(1, 2),
        Op::CheckExcMatch | Op::CheckEgMatch => plain(2, 2),
        Op::PrepReraiseStar => plain(2, 1),
        Op::Reraise => plain(1 + b, 0),
        Op::WithExceptStart => plain(4, 5),
        Op::ImportName => plain(2, 1),
        Op::ImportFrom | Op::MatchMapping | Op::MatchSequence | Op::GetLen => plain(1, 2),
        Op::MatchClass => plain(3, 1),
        Op::MatchKeys => plain(2, 3),
        Op::Intrinsic => intrinsic(instr.c)?,
        fused if fused.flags() & op::FUSED != 0 => return None,
        _ => return None,
    })
}

/// An instruction that takes `taken` values and looks at the container `b`-th from the top after that.
fn container(b: u32, taken: u32) -> Option<Effect> {
    (b > 0).then(|| plain(b + taken, b))
}

fn intrinsic(number: u8) -> Option<Effect> {
    Some(match Intrinsic::ALL.get(number as usize)? {
        Intrinsic::TypeVar | Intrinsic::ParamSpec | Intrinsic::TypeVarTuple => plain(1, 1),
        Intrinsic::TypeVarWithBound | Intrinsic::TypeVarWithConstraints => plain(2, 1),
        Intrinsic::SetTypeParamDefault | Intrinsic::BuildTemplate => plain(2, 1),
        Intrinsic::SubscriptGeneric | Intrinsic::TypeAlias => plain(1, 1),
        Intrinsic::BuildInterpolation => plain(4, 1),
    })
}

/// Counts beyond this are damage, not code (and would overflow the sums above).
fn op_count_limit(op: Op) -> u32 {
    match op {
        Op::RaiseVarargs | Op::Reraise => 2,
        Op::CallEx | Op::FormatValue => 1,
        Op::Copy | Op::Swap | Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => 1 << 28,
        Op::BuildMap | Op::ListAppend | Op::SetAdd | Op::MapAdd | Op::ListExtend => 1 << 28,
        Op::SetUpdate | Op::DictUpdate | Op::DictMerge | Op::UnpackSequence => 1 << 28,
        Op::Call | Op::CallKw => 1 << 28,
        _ => u32::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_compiler_has_an_effect() {
        for &op in Op::ALL {
            let instr = Instr::with_c(op, 0, if op == Op::BuildSlice { 2 } else { 1 });
            let instr = if op == Op::Swap { Instr::new(op, 2) } else { instr };
            let made_later = op.flags() & op::FUSED != 0 || op == Op::Visible;
            assert_eq!(effect(&instr).is_none(), made_later, "{op:?}");
        }
    }

    #[test]
    fn effects_of_calls_and_containers() {
        assert_eq!(effect(&Instr::new(Op::Call, 2)), Some(plain(4, 1)));
        assert_eq!(effect(&Instr::new(Op::CallKw, 2)), Some(plain(5, 1)));
        assert_eq!(effect(&Instr::new(Op::ListAppend, 2)), Some(plain(3, 2)));
        assert_eq!(effect(&Instr::new(Op::UnpackEx, 1 | 2 << 16)), Some(plain(1, 4)));
        assert_eq!(effect(&Instr::new(Op::Swap, 1)), None);
        assert_eq!(effect(&Instr::with_c(Op::Intrinsic, 200, 0)), None);
    }
}
