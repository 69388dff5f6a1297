#!/usr/bin/env x
# vim: set fileencoding=iso-8859-1 :
print("é")
