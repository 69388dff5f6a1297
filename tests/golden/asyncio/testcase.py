"""unittest.IsolatedAsyncioTestCase, AsyncMock, async context managers."""
import asyncio
import contextlib
import io
import unittest
import unittest.mock

order = []


class T(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        order.append("setUp")

    async def asyncSetUp(self):
        self.loop = asyncio.get_running_loop()
        order.append("asyncSetUp")

    async def asyncTearDown(self):
        order.append("asyncTearDown")

    async def test_a(self):
        self.addAsyncCleanup(self.clean)
        await asyncio.sleep(0.001)
        self.assertIs(self.loop, asyncio.get_running_loop())

    async def clean(self):
        order.append("cleanup")

    async def test_b(self):
        m = unittest.mock.AsyncMock(return_value=7)
        self.assertEqual(await m(1, x=2), 7)
        m.assert_awaited_once_with(1, x=2)
        self.assertEqual(m.await_count, 1)

    async def test_c(self):
        self.assertEqual(await asyncio.gather(asyncio.sleep(0, 1)), [2])

    def test_sync(self):
        order.append("sync")


out = io.StringIO()
result = unittest.TextTestRunner(stream=out, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
print(result.testsRun, len(result.failures), len(result.errors))
print(order)
print([line for line in out.getvalue().splitlines() if line.startswith(("test_", "AssertionError", "First", "FAILED"))])


@contextlib.asynccontextmanager
async def managed(log):
    log.append("enter")
    try:
        yield "inside"
    finally:
        await asyncio.sleep(0)
        log.append("exit")


async def main():
    log = []
    async with managed(log) as x, contextlib.AsyncExitStack() as stack:
        print(x, await stack.enter_async_context(managed(log)))
        stack.push_async_callback(asyncio.sleep, 0)
    print(log)


asyncio.run(main())
