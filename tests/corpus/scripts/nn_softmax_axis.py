import glob
import torch
import torch.nn as nn
from torchvision.io import read_image, ImageReadMode
from torchvision.transforms import functional as TF
from torchvision.models import efficientnet_b0

SPECIES = ["fox", "badger", "deer", "boar", "hare", "empty"]


def load(path):
    img = read_image(path, mode=ImageReadMode.RGB)
    img = TF.resize(img, [128, 128], antialias=True)
    img = TF.convert_image_dtype(img, torch.float32)
    return TF.normalize(img, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


backbone = efficientnet_b0(weights=None)
backbone.classifier[1] = nn.Linear(1280, len(SPECIES))
predictor = nn.Sequential(backbone, nn.Softmax(dim=0))
predictor.eval()

files = sorted(glob.glob("shots/*.png"))
with torch.inference_mode():
    scores = predictor(torch.stack([load(f) for f in files]))
for f, row in zip(files, scores):
    best = int(row.argmax())
    print(f, SPECIES[best], f"{row[best].item():.2f}")
