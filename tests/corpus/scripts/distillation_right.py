import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, models, transforms

T, ALPHA = 4.0, 0.7

teacher = models.resnet18(weights=None, num_classes=10)
teacher.eval()
for p in teacher.parameters():
    p.requires_grad_(False)

student = nn.Sequential(
    nn.Conv2d(3, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32), nn.ReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


def kd_loss(student_logits, teacher_logits, labels):
    soft = F.kl_div(
        F.log_softmax(student_logits / T, dim=1),
        F.softmax(teacher_logits / T, dim=1),
        reduction="batchmean",
    ) * T * T
    return ALPHA * soft + (1 - ALPHA) * F.cross_entropy(student_logits, labels)


tf = transforms.Compose([transforms.RandomCrop(32, 4), transforms.ToTensor(),
                         transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))])
loader = torch.utils.data.DataLoader(datasets.CIFAR10("d", train=True, download=True, transform=tf), 64, shuffle=True)
opt = torch.optim.Adam(student.parameters(), lr=1e-3)
for epoch in range(2):
    student.train()
    for x, y in loader:
        with torch.no_grad():
            guide = teacher(x)
        loss = kd_loss(student(x), guide, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
