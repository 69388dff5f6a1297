# coding: gbk
print("中文")
raise ValueError("中")
