import torch
from torch import nn
from torchvision import datasets, transforms


def train_batch(model, opt, sched, x, y):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    opt.step()
    sched.step()
    return loss.item()


tf = transforms.Compose([transforms.Grayscale(), transforms.ToTensor()])
dl = torch.utils.data.DataLoader(
    datasets.FER2013("data", split="train", transform=tf), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.ReLU(),
                      nn.Flatten(), nn.Linear(32 * 9 * 9, 7))
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.1)
for epoch in range(60):
    for x, y in dl:
        train_batch(model, opt, sched, x, y)
