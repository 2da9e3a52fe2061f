import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms


def set_bn_eval(module):
    if isinstance(module, nn.modules.batchnorm._BatchNorm):
        module.eval()


def split_params(net):
    decay, no_decay = [], []
    for name, p in net.named_parameters():
        if p.ndim <= 1 or name.endswith(".bias"):
            no_decay.append(p)
        else:
            decay.append(p)
    return [{"params": decay, "weight_decay": 1e-4}, {"params": no_decay, "weight_decay": 0.0}]


tf = transforms.Compose([
    transforms.RandomResizedCrop(192, scale=(0.5, 1.0)), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))])
loader = DataLoader(datasets.ImageFolder("marks", tf), batch_size=4, shuffle=True)   # tiny batches: statistics would be noisy

net = models.resnet18(weights=models.ResNet18_Weights.IMAGENET1K_V1)
net.fc = nn.Linear(net.fc.in_features, 2)
opt = torch.optim.SGD(split_params(net), lr=2e-3, momentum=0.9)
for epoch in range(3):
    net.train()
    net.apply(set_bn_eval)
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
