import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms as T
from torchvision.datasets import Food101
from torchvision.models import shufflenet_v2_x0_5

NORM = T.Normalize(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
train_t = T.Compose([T.RandomResizedCrop(128), T.RandomHorizontalFlip(), T.ToTensor(), NORM])
test_t = T.Compose([T.Resize(144), T.ToTensor(), NORM])

train = DataLoader(Food101(".", split="train", transform=train_t, download=True), 64, shuffle=True, num_workers=4)
test = DataLoader(Food101(".", split="test", transform=test_t, download=True), 64, num_workers=4)

net = shufflenet_v2_x0_5(weights=None, num_classes=101)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=4e-5)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=20)
loss_fn = nn.CrossEntropyLoss()

def evaluate():
    net.eval()
    ok = n = 0
    with torch.inference_mode():
        for x, y in test:
            ok += (net(x).argmax(1) == y).sum().item()
            n += len(y)
    return ok / n

for epoch in range(20):
    net.train()
    for x, y in train:
        loss = loss_fn(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    print(epoch, f"{evaluate():.3f}")
