"""Print the scores of a Lighthouse report and every audit that cost points; ends with 1 below 100."""

import json
import sys
from pathlib import Path

report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
scores = {name: round((category["score"] or 0) * 100) for name, category in report["categories"].items()}
weight = sum(item.get("transferSize", 0) for item in report["audits"]["network-requests"]["details"]["items"])
print(f"{sys.argv[2]}: " + ", ".join(f"{name} {score}" for name, score in scores.items()) + f"; {weight:,} bytes")
for category in report["categories"].values():
    for reference in category["auditRefs"]:
        audit = report["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            found = json.dumps(audit.get("details", {}).get("items", []))[:400]
            print(f"    {audit['id']} {audit['score']}: {audit['title']} {audit.get('displayValue', '')} {found}")
sys.exit(0 if min(scores.values()) == 100 else 1)
