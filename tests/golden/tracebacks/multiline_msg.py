raise ValueError("a\nb\nc")
