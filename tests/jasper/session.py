"""A session of the Python SDK with `jasper mcp`. Tells what it saw as lines of JSON.

Arguments: the program, the base URL of a gateway, the base URL of a server that never answers.
"""

import json
import os
import sys

import anyio
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


def tell(what, **about):
    print(json.dumps({"what": what, **about}), flush=True)


async def heard():
    """Waits until the test writes a line."""
    await anyio.to_thread.run_sync(sys.stdin.readline)


def server(program, base_url):
    environment = {"LOWCODEAPI_TOKEN": os.environ["LOWCODEAPI_TOKEN"], "LOWCODEAPI_BASE_URL": base_url}
    return StdioServerParameters(
        command=program, args=["mcp", "--allow-writes", "--allow-deletes", "--max-result-tokens", "200"], env=environment
    )


async def call(session, name, arguments):
    # The SDK checks the structured content against the schema of the tool.
    result = await session.call_tool(name, arguments)
    text = [block.text for block in result.content if block.type == "text"]
    tell("called", name=name, error=result.is_error, result=result.structured_content, text=text)
    return result.structured_content


async def calls(program, base_url):
    async with stdio_client(server(program, base_url)) as streams, ClientSession(*streams) as session:
        started = await session.initialize()
        tell("initialized", name=started.server_info.name, instructions=started.instructions)
        for tool in (await session.list_tools()).tools:
            tell("tool", name=tool.name, read_only=tool.annotations.read_only_hint, has_result=tool.output_schema is not None)
        for number in range(12):
            await call(session, "create_tone", {"name": f"Tone {number}", "value": "dry, short"})
        part = await call(session, "list_tones", {"size": 50})
        while part.get("continuation"):
            part = await call(session, "continue_result", {"continuation": part["continuation"]})
        await call(session, "create_knowledge", {"name": "Book", "file": {"name": "book.txt", "text": "Once."}})
        await call(session, "delete_tone", {"tone_id": "ton_1"})
        await call(session, "get_tone", {"tone_id": "ton_1"})
        await call(session, "get_tone", {"token": "x"})


async def cancels(program, base_url):
    async with stdio_client(server(program, base_url)) as streams, ClientSession(*streams) as session:
        await session.initialize()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(session.call_tool, "get_tone", {"tone_id": "ton_1"})
            await heard()
            tasks.cancel_scope.cancel()
        tell("cancelled")
        await heard()
        tell("alive", tools=len((await session.list_tools()).tools))


anyio.run(calls, *sys.argv[1:3])
anyio.run(cancels, sys.argv[1], sys.argv[3])
