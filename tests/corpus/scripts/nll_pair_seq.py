import torch
from torch import nn, optim
from torchvision import datasets, transforms

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
trainloader = torch.utils.data.DataLoader(datasets.FashionMNIST('F', download=True, train=True, transform=transform), batch_size=64, shuffle=True)
testloader = torch.utils.data.DataLoader(datasets.FashionMNIST('F', download=True, train=False, transform=transform), batch_size=64, shuffle=True)

model = nn.Sequential(nn.Conv2d(1, 16, 3, stride=2), nn.ReLU(),
                      nn.Conv2d(16, 32, 3, stride=2), nn.ReLU(),
                      nn.Flatten(), nn.Dropout(0.2),
                      nn.Linear(32 * 36, 10), nn.LogSoftmax(dim=1))
criterion = nn.NLLLoss()
optimizer = optim.Adam(model.parameters(), lr=0.003)

epochs = 3
for e in range(epochs):
    running_loss = 0
    for images, labels in trainloader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    else:
        test_loss, accuracy = 0, 0
        with torch.no_grad():
            model.eval()
            for images, labels in testloader:
                log_ps = model(images)
                test_loss += criterion(log_ps, labels)
                ps = torch.exp(log_ps)
                top_p, top_class = ps.topk(1, dim=1)
                accuracy += (top_class == labels.view(*top_class.shape)).float().mean()
        model.train()
        print(f'{e + 1}/{epochs} train {running_loss / len(trainloader):.3f} '
              f'test {test_loss / len(testloader):.3f} acc {accuracy / len(testloader):.3f}')
