//! Numbers through their methods, against what CPython 3.12 says.

use crate::error::PyResult;
use crate::op::{BinOp, CmpOp};
use crate::thread::with_vm;
use crate::types::T;
use crate::types::arith::{binary_numbers, compare_numbers};
use crate::value::Value;
use crate::vm::Vm;

fn int(vm: &mut Vm, text: &str) -> Value {
    let ty = vm.ty(T::Int).clone();
    let text = vm.new_str(text);
    vm.call(&ty, &[text]).unwrap()
}
fn number(vm: &mut Vm, text: &str) -> Value {
    match text {
        "True" => Value::TRUE,
        "False" => Value::FALSE,
        t if t.ends_with('j') => {
            let ty = vm.ty(T::Complex).clone();
            let text = vm.new_str(t);
            vm.call(&ty, &[text]).unwrap()
        }
        t if t.contains(['.', 'e', 'n']) => Value::float(crate::num::float::parse(t).unwrap()),
        t => int(vm, t),
    }
}
fn show(vm: &mut Vm, r: PyResult) -> String {
    match r {
        Ok(v) => vm.repr_text(&v).unwrap(),
        Err(e) => {
            let name = vm.type_name(&e.0);
            let args = e.0.borrow::<crate::types::exception::Exception>(vm).unwrap().args.clone();
            let text = args.get::<crate::types::tuple::Tuple>().and_then(|t| t.items().last().cloned()).map_or(String::new(), |m| vm.text(&m));
            format!("{name}: {text}")
        }
    }
}

#[test]
fn operators_agree_with_cpython() {
    let cases = [
        ("140737488355327", "+", "1", "140737488355328"),
        ("9223372036854775807", "+", "1", "9223372036854775808"),
        ("9223372036854775808", "-", "1", "9223372036854775807"),
        ("-9223372036854775808", "//", "-1", "9223372036854775808"),
        ("-7", "//", "2", "-4"),
        ("-7", "%", "2", "1"),
        ("7", "%", "-2", "-1"),
        ("1", "//", "0", "ZeroDivisionError: integer division or modulo by zero"),
        ("1", "%", "0", "ZeroDivisionError: integer modulo by zero"),
        ("1", "/", "0", "ZeroDivisionError: division by zero"),
        ("1.0", "/", "0", "ZeroDivisionError: float division by zero"),
        ("7.0", "//", "2", "3.0"),
        ("2", "**", "100", "1267650600228229401496703205376"),
        ("2", "**", "-2", "0.25"),
        ("0", "**", "-1", "ZeroDivisionError: 0.0 cannot be raised to a negative power"),
        ("-8.0", "**", "0.5", "(1.7319121124709868e-16+2.8284271247461903j)"),
        ("10.0", "**", "400", "OverflowError: Numerical result out of range"),
        ("1", "<<", "-1", "ValueError: negative shift count"),
        ("1", "<<", "70", "1180591620717411303424"),
        ("-1", ">>", "1000", "-1"),
        ("True", "+", "True", "2"),
        ("True", "&", "False", "False"),
        ("True", "&", "3", "1"),
        ("10", "/", "4", "2.5"),
        ("123456789012345678901234567890", "/", "7", "1.763668414462081e+28"),
        ("1e308", "*", "10", "inf"),
        ("1j", "*", "1j", "(-1+0j)"),
        ("2", "+", "1j", "(2+1j)"),
        ("1j", "/", "0", "ZeroDivisionError: complex division by zero"),
        ("1.5", "<<", "1", "TypeError: unsupported operand type(s) for <<: 'float' and 'int'"),
    ];
    with_vm(move |vm| {
        for (a, op, b, expected) in cases {
            let (x, y) = (number(vm, a), number(vm, b));
            let op = *BinOp::ALL.iter().find(|o| o.text() == op).unwrap();
            let r = vm.binary(op, &x, &y);
            assert_eq!(show(vm, r), expected, "{a} {op:?} {b}");
            if let Some(r) = binary_numbers(vm, op, &x, &y) {
                assert_eq!(show(vm, r), expected, "{a} {op:?} {b}, by the fast way");
            }
        }
    });
}

#[test]
fn ints_and_floats_compare_exactly() {
    with_vm(|vm| {
        let (big, f) = (int(vm, "9007199254740993"), Value::float(9007199254740992.0));
        assert_eq!(compare_numbers(CmpOp::Gt, &big, &f), Some(true));
        assert!(!vm.compare_bool(CmpOp::Eq, &big, &f).unwrap() && vm.compare_bool(CmpOp::Lt, &f, &big).unwrap());
        let nan = Value::float(f64::NAN);
        assert_eq!(compare_numbers(CmpOp::Ne, &big, &nan), Some(true));
        assert_eq!(compare_numbers(CmpOp::Eq, &Value::TRUE, &Value::float(1.0)), Some(true));
    });
}

#[test]
fn equal_numbers_hash_equal_and_small_results_are_immediate() {
    with_vm(|vm| {
        let (a, b) = (int(vm, "100000000000000000000"), number(vm, "1e20"));
        assert_eq!(vm.hash(&a).unwrap(), vm.hash(&b).unwrap());
        let one = Value::small_wrap(1);
        let up = vm.binary(BinOp::Add, &Value::small_wrap(crate::value::SMALL_MAX), &one).unwrap();
        assert!(up.is_object());
        assert!(vm.binary(BinOp::Sub, &up, &one).unwrap().is_small());
    });
}

#[test]
fn constructors_and_methods() {
    with_vm(|vm| {
        let (int_type, float_type) = (vm.ty(T::Int).clone(), vm.ty(T::Float).clone());
        let text = vm.new_str("0x_ff");
        let r = vm.call(&int_type, &[text, Value::small_wrap(16)]);
        assert_eq!(show(vm, r), "255");
        let text = vm.new_str("12a");
        let r = vm.call(&int_type, &[text]);
        assert_eq!(show(vm, r), "ValueError: invalid literal for int() with base 10: '12a'");
        let r = vm.call(&int_type, &[Value::NONE]);
        assert_eq!(show(vm, r), "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'");
        let text = vm.new_str(" -1e3 ");
        let r = vm.call(&float_type, &[text]);
        assert_eq!(show(vm, r), "-1000.0");
        let r = vm.call_method(&Value::float(2.5), "__round__", &[]);
        assert_eq!(show(vm, r), "2");
        let r = vm.call_method(&Value::float(0.1), "as_integer_ratio", &[]);
        assert_eq!(r.map(|t| t.get::<crate::types::tuple::Tuple>().unwrap().items().len()).ok(), Some(2));
        let spec = vm.new_str("#_x");
        let r = vm.format(&Value::small_wrap(1 << 40), &spec);
        assert_eq!(r.map(|t| vm.text(&t)).ok().as_deref(), Some("0x100_0000_0000"));
    });
}
