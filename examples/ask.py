# Uploads a video and asks when something happens in it: Python 3.9 and requests.
#   SECONDSIGHT_SERVER=http://127.0.0.1:8080 python3 ask.py clip.mp4 "the red circle moves left"
import os
import sys
import time

import requests

path, question = sys.argv[1:3]
server = os.environ.get("SECONDSIGHT_SERVER", "http://127.0.0.1:8080")
session = requests.Session()
if key := os.environ.get("SECONDSIGHT_API_KEY"):
    session.headers["Authorization"] = f"Bearer {key}"


def api(method, route, **options):
    response = session.request(method, server + route, **options)
    if not response.ok:  # RFC 9457: "code" is for programs, "detail" for people
        problem = response.json()
        sys.exit(f"{problem['code']}: {problem['detail']}")
    return response.json()


with open(path, "rb") as file:
    video = api("POST", "/v1/videos", files={"file": (os.path.basename(path), file)})
print(f"video {video['id']}, {video['duration']} s")

route = f"/v1/videos/{video['id']}/moments"
moments = api("POST", route, json={"query": question, "wait": 60})
while moments["status"] in ("queued", "processing"):
    time.sleep(1)  # the wait is over, the work goes on
    moments = api("GET", f"{route}/{moments['id']}")

print(moments["answer"])
for moment in moments["data"]:
    print(f"{moment['start_time']} - {moment['end_time']} s, {moment['confidence']} sure")
