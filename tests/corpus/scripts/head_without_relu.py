import torch
import torch.nn as nn
from torchvision import models

model = models.resnet34(weights="IMAGENET1K_V1")
for p in model.parameters():
    p.requires_grad = False

model.fc = nn.Sequential(
    nn.Linear(512, 256),
    nn.Linear(256, 12),
)

optimizer = torch.optim.Adam(model.fc.parameters(), lr=1e-3)
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
