import json
import sys
from pathlib import Path

import torch
from PIL import Image
from torchvision import models

WEIGHTS = models.MobileNet_V3_Small_Weights.IMAGENET1K_V1


@torch.inference_mode()
def classify(net, path, k=3):
    batch = WEIGHTS.transforms()(Image.open(path).convert("RGB")).unsqueeze(0)
    scores = net(batch)
    best = scores.argmax(dim=1).item()
    values, places = scores.softmax(1).topk(k)
    return {
        "file": str(path),
        "best": WEIGHTS.meta["categories"][best],
        "top": [(WEIGHTS.meta["categories"][i], round(v, 4)) for v, i in zip(values[0].tolist(), places[0].tolist())],
    }


if __name__ == "__main__":
    net = models.mobilenet_v3_small(weights=WEIGHTS).eval()
    for path in sys.argv[1:] or Path("pics").glob("*.jpg"):
        print(json.dumps(classify(net, path)))
