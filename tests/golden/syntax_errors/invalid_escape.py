s = "a\qb" + b"\z".decode() + f"\w{1}"
print(s, "\400")
