async def never(): pass
c = never()
