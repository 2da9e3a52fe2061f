import torch
from torch import nn
from torchvision import datasets
from torchvision.transforms import v2

cfg = dict(depths=[2, 2, 2], width=32, lr=0.02, batch=128, classes=100)


def conv_bn(cin, cout, stride=1):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, stride, 1, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(inplace=True),
    )


class Plain(nn.Module):
    def __init__(self, depths, width, classes):
        super().__init__()
        blocks = [conv_bn(3, width)]
        c = width
        for i, d in enumerate(depths):
            for j in range(d):
                nxt = width * 2 ** (i + 1)
                blocks.append(conv_bn(c, nxt, stride=2 if j == 0 else 1))
                c = nxt
        self.trunk = nn.Sequential(*blocks)
        self.pool = nn.AvgPool2d(7)
        self.fc = nn.Linear(c, classes)

    def forward(self, x):
        x = self.trunk(x)
        x = self.pool(x)
        return self.fc(x.flatten(1))


tfm = v2.Compose([
    v2.ToImage(),
    v2.RandomHorizontalFlip(),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
])
ds = datasets.CIFAR100("data", train=True, transform=tfm, download=True)
dl = torch.utils.data.DataLoader(ds, batch_size=cfg["batch"], shuffle=True)
model = Plain(cfg["depths"], cfg["width"], cfg["classes"])
opt = torch.optim.SGD(model.parameters(), lr=cfg["lr"], momentum=0.9, nesterov=True)
for epoch in range(3):
    for xb, yb in dl:
        opt.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
    print(epoch, float(loss))
