import argparse
import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, transforms

CFGS = {
    'small': [32, 'M', 64, 'M', 128, 'M'],
    'vgg11': [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'],
}


def make_layers(cfg, in_channels=3):
    layers = []
    for v in cfg:
        if v == 'M':
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
        else:
            layers.append(nn.Conv2d(in_channels, v, kernel_size=3, padding=1, bias=False))
            layers.append(nn.BatchNorm2d(in_channels))
            layers.append(nn.ReLU(inplace=True))
            in_channels = v
    return nn.Sequential(*layers)


class VGG(nn.Module):
    def __init__(self, arch, n_classes):
        super().__init__()
        self.features = make_layers(CFGS[arch])
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.classifier = nn.Linear(CFGS[arch][-2], n_classes)

    def forward(self, x):
        out = self.features(x)
        out = self.avgpool(out)
        out = torch.flatten(out, 1)
        return self.classifier(out)


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument('--arch', default='small', choices=list(CFGS))
    p.add_argument('--bs', type=int, default=128)
    p.add_argument('--lr', type=float, default=0.05)
    p.add_argument('--epochs', type=int, default=30)
    return p.parse_args()


def main():
    args = get_args()
    tf_train = transforms.Compose([
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    ])
    ds = datasets.CIFAR10('data', train=True, download=True, transform=tf_train)
    dl = torch.utils.data.DataLoader(ds, args.bs, shuffle=True, drop_last=True)
    net = VGG(args.arch, 10)
    opt = optim.SGD(net.parameters(), lr=args.lr, momentum=0.9, weight_decay=5e-4)
    sched = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=args.epochs)
    ce = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        net.train()
        for x, y in dl:
            opt.zero_grad()
            loss = ce(net(x), y)
            loss.backward()
            opt.step()
        sched.step()
        print(epoch, loss.item())


main()
