"""A model provider on loopback: OpenAI's and Cohere's answers, each counted and with an id of its own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USAGE = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A proxy that was ended leaves its connections: no error."""


class Provider:
    def __init__(self):
        self.calls = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                self.reply(404, {"error": {"message": "no such page"}})

            def do_POST(self):
                length = int(self.headers.get("content-length") or 0)
                raw = self.rfile.read(length)
                try:
                    body = json.loads(raw)
                except ValueError:
                    body = {}
                provider.calls.append(self.path)
                number = len(provider.calls)
                if self.path.startswith("/fail"):
                    status = int(self.path.split("/")[2])
                    error = {"message": "on purpose", "type": "x", "code": str(status)}
                    return self.reply(status, {"error": error})
                if body.get("stream"):
                    return self.stream(number, body)
                self.reply(200, answer(self.path, number, body))

            def reply(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, number, body):
                chunk = {
                    "id": f"chat-{number}",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": body.get("model"),
                }
                start = {"index": 0, "delta": {"role": "assistant", "content": f"answer {number}"}}
                stop = {"index": 0, "delta": {}, "finish_reason": "stop"}
                lines = [
                    "data: " + json.dumps({**chunk, "choices": [choice]}) for choice in (start, stop)
                ]
                data = "\n\n".join([*lines, "data: [DONE]", ""]).encode()
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def answer(path, number, body):
    model = body.get("model")
    if path.endswith("/embeddings"):
        return {
            "object": "list",
            "model": model,
            "data": [{"object": "embedding", "index": 0, "embedding": [0.1, float(number)]}],
            "usage": {"prompt_tokens": 10, "total_tokens": 10},
        }
    if path.endswith("/audio/transcriptions"):
        return {"text": f"answer {number}"}
    if path.endswith("/rerank"):
        return {
            "id": f"rerank-{number}",
            "results": [{"index": 0, "relevance_score": 0.5}],
            "meta": {"billed_units": {"search_units": 1}},
        }
    if path.endswith("/responses"):
        text = {"type": "output_text", "text": f"answer {number}", "annotations": []}
        return {
            "id": f"resp_{number}",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "model": model,
            "output": [
                {
                    "id": f"msg_{number}",
                    "type": "message",
                    "role": "assistant",
                    "status": "completed",
                    "content": [text],
                }
            ],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": 10,
                "output_tokens": 20,
                "total_tokens": 30,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }
    if path.endswith("/chat/completions"):
        message = {"role": "assistant", "content": f"answer {number}"}
        return {
            "id": f"chat-{number}",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": USAGE,
        }
    return {
        "id": f"text-{number}",
        "object": "text_completion",
        "created": 1,
        "model": model,
        "choices": [
            {"index": 0, "text": f"answer {number}", "finish_reason": "stop", "logprobs": None}
        ],
        "usage": USAGE,
    }
