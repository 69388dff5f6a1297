def queens(n, row=0, cols=0, left=0, right=0):
    if row == n:
        return 1
    found = 0
    free = ~(cols | left | right) & ((1 << n) - 1)
    while free:
        bit = free & -free
        free ^= bit
        found += queens(n, row + 1, cols | bit, (left | bit) << 1, (right | bit) >> 1)
    return found


print(queens(11))
