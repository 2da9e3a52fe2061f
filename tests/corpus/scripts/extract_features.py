import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import Flowers102
from torchvision.models import mobilenet_v3_small, MobileNet_V3_Small_Weights

w = MobileNet_V3_Small_Weights.DEFAULT
net = mobilenet_v3_small(weights=w)
net.classifier = nn.Identity()
net.eval()

loader = DataLoader(Flowers102("flowers", split="val", transform=w.transforms(), download=True), batch_size=32)

feats, labels = [], []
for x, y in loader:
    f = net(x)
    feats.append(f)
    labels.append(y)
feats = torch.cat(feats)
labels = torch.cat(labels)
torch.save({"x": feats.detach(), "y": labels}, "flowers_features.pt")
print(feats.shape, labels.shape)
