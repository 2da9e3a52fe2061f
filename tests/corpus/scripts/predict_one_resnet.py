import torch
from PIL import Image
from torchvision import models

weights = models.ResNet34_Weights.IMAGENET1K_V1
model = models.resnet34(weights=weights)
prep = weights.transforms()

img = Image.open('cat.jpg').convert('RGB')
with torch.no_grad():
    logits = model(prep(img).unsqueeze(0))
probs = logits.softmax(dim=1)[0]
for p, i in zip(*probs.topk(5)):
    print(f"{weights.meta['categories'][i]:30s} {p:.3f}")
