import torch
from torch import nn
from torchvision import models

model = models.efficientnet_b0(weights=None)
model.classifier[1] = nn.Linear(model.classifier[1].in_features, 7)
vgg = models.vgg16(weights=None)
vgg.classifier[6] = nn.Linear(4096, 7)
print(model(torch.randn(1, 3, 224, 224)).shape, vgg(torch.randn(1, 3, 224, 224)).shape)
