s = "日本"; t = s.nope; u = "日本語"
