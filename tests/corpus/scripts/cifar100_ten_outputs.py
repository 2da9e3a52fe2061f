import torch
import torch.nn as nn
import torchvision
import torchvision.transforms as tt
from torch.utils.data import DataLoader

stats = ((0.5074, 0.4867, 0.4411), (0.2011, 0.1987, 0.2025))
train_tfms = tt.Compose([tt.RandomCrop(32, padding=4, padding_mode='reflect'), tt.RandomHorizontalFlip(), tt.ToTensor(), tt.Normalize(*stats, inplace=True)])
test_tfms = tt.Compose([tt.ToTensor(), tt.Normalize(*stats)])

train_data = torchvision.datasets.CIFAR100("./", train=True, download=True, transform=train_tfms)
test_data = torchvision.datasets.CIFAR100("./", train=False, download=True, transform=test_tfms)

train_dl = DataLoader(train_data, 128, shuffle=True, num_workers=4, pin_memory=True)
test_dl = DataLoader(test_data, 128, num_workers=4, pin_memory=True)

def conv_block(ni, no, pool=False):
    layers = [nn.Conv2d(ni, no, 3, padding=1, bias=False), nn.BatchNorm2d(no), nn.ReLU(inplace=True)]
    if pool:
        layers += [nn.MaxPool2d(2)]
    return nn.Sequential(*layers)

class ResNet9(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.conv1 = conv_block(in_channels, 32)
        self.conv2 = conv_block(32, 64, pool=True)
        self.res1 = nn.Sequential(conv_block(64, 64), conv_block(64, 64))
        self.conv3 = conv_block(64, 128, pool=True)
        self.conv4 = conv_block(128, 256, pool=True)
        self.res2 = nn.Sequential(conv_block(256, 256), conv_block(256, 256))
        self.classifier = nn.Sequential(nn.MaxPool2d(4), nn.Flatten(), nn.Dropout(0.2), nn.Linear(256, num_classes))

    def forward(self, xb):
        out = self.conv2(self.conv1(xb))
        out = self.res1(out) + out
        out = self.conv4(self.conv3(out))
        out = self.res2(out) + out
        return self.classifier(out)

@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    outs = [(nn.functional.cross_entropy(out := model(x), y).item(), (out.argmax(1) == y).float().mean().item()) for x, y in loader]
    return [sum(v) / len(outs) for v in zip(*outs)]

model = ResNet9(3, 10)
opt = torch.optim.Adam(model.parameters(), 0.01, weight_decay=1e-4)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 0.01, epochs=8, steps_per_epoch=len(train_dl))
for epoch in range(8):
    model.train()
    for x, y in train_dl:
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.1)
        opt.step()
        opt.zero_grad()
        sched.step()
    print(epoch, evaluate(model, test_dl))
