import torch
from torchvision import models
from torch import nn
def set_grad(model, flag):
    for p in model.parameters():
        p.requires_grad = flag
model = models.densenet121(weights=models.DenseNet121_Weights.DEFAULT)
model.classifier = nn.Linear(1024, 14)
set_grad(model.features, False)
opt = torch.optim.Adam(model.parameters(), lr=1e-4)
crit = nn.CrossEntropyLoss()
def train(dl):
    model.train()
    for x, y in dl:
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
