import torch
import torch.nn as nn
from torchvision import datasets, transforms

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
opt = torch.optim.LBFGS(model.parameters(), lr=1, max_iter=5)
ce = nn.CrossEntropyLoss()
loader = torch.utils.data.DataLoader(
    datasets.MNIST("d", train=True, download=True, transform=transforms.ToTensor()), batch_size=512, shuffle=True)

for epoch in range(2):
    for images, labels in loader:

        def closure():
            opt.zero_grad()
            loss = ce(model(images), labels)
            loss.backward()
            return loss

        loss = opt.step(closure)
    print(loss.item())
