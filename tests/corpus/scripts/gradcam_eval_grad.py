import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import models

weights = models.ResNet18_Weights.DEFAULT
net = models.resnet18(weights=weights).eval()
kept = {}
net.layer4.register_forward_hook(lambda m, i, o: kept.update(act=o))
net.layer4.register_full_backward_hook(lambda m, gi, go: kept.update(grad=go[0]))

image = Image.open("dog.jpg").convert("RGB")
x = weights.transforms()(image).unsqueeze(0)
scores = net(x)
k = scores.argmax(dim=1).item()
net.zero_grad()
scores[0, k].backward()

alpha = kept["grad"].mean(dim=(2, 3), keepdim=True)
cam = F.relu((alpha * kept["act"]).sum(dim=1, keepdim=True))
cam = F.interpolate(cam, size=x.shape[-2:], mode="bilinear", align_corners=False)[0, 0]
cam = (cam - cam.min()) / (cam.max() - cam.min() + 1e-8)
print("class", weights.meta["categories"][k], "heat map", tuple(cam.shape))
