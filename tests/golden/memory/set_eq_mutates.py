class K:
    def __init__(s, h): s.h = h
    def __hash__(s): return s.h
    def __eq__(s, o):
        st.clear(); st.update(range(40))
        return False
st = set()
for name in 'add discard remove __contains__ intersection difference_update symmetric_difference_update issubset isdisjoint union __eq__ __le__ __iand__ __ixor__'.split():
    st.clear(); st.add(K(1))
    a = K(1) if name in ('add', 'discard', 'remove', '__contains__') else {K(1), K(1) }
    try: r = getattr(st, name)(a); print(name, type(r).__name__)
    except Exception as e: print(name, type(e).__name__)
