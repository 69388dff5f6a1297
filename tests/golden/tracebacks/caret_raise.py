raise ValueError(
   "multi"
)
