#!/usr/bin/env bash
# Uploads a video and asks when something happens in it: curl and jq.
#   SECONDSIGHT_SERVER=http://127.0.0.1:8080 ./ask.sh clip.mp4 "the red circle moves left"
set -euo pipefail
file=$1 question=$2
server=${SECONDSIGHT_SERVER:-http://127.0.0.1:8080}
api() { curl --silent --show-error --fail-with-body ${SECONDSIGHT_API_KEY:+--header "Authorization: Bearer $SECONDSIGHT_API_KEY"} "$@"; }
json=(--header 'Content-Type: application/json')

# the same bytes are stored once: sending them again gives the same video
video=$(api "$server/v1/videos" --form "file=@$file" | jq --raw-output .id)
echo "video $video"

# everything that happens: an analysis, followed until it has finished
task=$(api "$server/v1/analyze/tasks" "${json[@]}" --data "{\"video_id\": \"$video\"}" | jq --raw-output .id)
api --no-buffer "$server/v1/analyze/tasks/$task/events" >/dev/null
api "$server/v1/videos/$video/segments?type=event&limit=3" | jq --raw-output '.data[] | "\(.start_time) - \(.end_time)  \(.text)"'

# one question; `wait` keeps the request open until it is answered, 120 s at most
body=$(jq --null-input --arg query "$question" '{query: $query, wait: 120}')
answer=$(api "$server/v1/videos/$video/moments" "${json[@]}" --data "$body")
jq --raw-output '.answer, (.data[] | "\(.start_time) - \(.end_time) s, \(.confidence) sure")' <<<"$answer"

# what a viewer sees there
second=$(jq '.data[0].start_time // 0' <<<"$answer")
api "$server/v1/videos/$video/thumbnail?t=$second&width=640" --output frame.jpg
echo 'frame frame.jpg'
